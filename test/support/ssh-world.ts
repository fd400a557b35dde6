import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sshConnections, type HostError, type Surroundings } from '@distributed-architecture/core/ssh';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { makeKey, startSshd, type Sshd, type SshdOptions, type UserKey } from './sshd.js';

/** Plays the relay: begins, then sends back what it hears. */
const RELAY = `process.stdout.write('distributed-architecture-relay 1\\n');
process.stdin.pipe(process.stdout);
`;

type Connect = ReturnType<typeof sshConnections>;
type Target = Parameters<Connect>[0];
type SshSettings = Target['ssh'];
export type Link = Awaited<ReturnType<ReturnType<Connect>['connect']>>;

/** What a test changes of the usual target. */
export interface Changes extends Partial<Omit<Target, 'ssh'>> {
  readonly ssh?: SshSettings;
}

/** A machine with an SSH server, and the launcher's side of it, each with a home of its own. */
export class SshWorld {
  readonly log: string[] = [];

  private constructor(
    /** Home of the launcher's user. */
    readonly home: string,
    readonly key: UserKey,
    readonly sshd: Sshd,
    readonly surroundings: Partial<Surroundings>,
  ) {}

  static async create(options: Partial<SshdOptions> = {}): Promise<SshWorld> {
    const home = await temporaryFolder({ 'app/relay.mjs': RELAY, '.ssh/known_hosts': '' });
    const key = await makeKey(home, 'id_test');
    const sshd = await startTestSshd({ folder: join(home, 'sshd'), authorizedKeys: [key.publicKey], ...options });
    await chmod(join(home, '.ssh'), 0o700);
    await writeFile(join(home, '.ssh/known_hosts'), sshd.hostKeyLines());
    const own = { home, environment: {}, configFile: join(home, '.ssh/config'), globalKnownHosts: join(home, 'none') };
    return new SshWorld(home, key, sshd, own);
  }

  path(name: string): string {
    return join(this.home, name);
  }

  target({ ssh, ...changes }: Changes = {}): Target {
    return {
      key: 'alpha',
      name: 'alpha',
      host: this.sshd.address,
      port: this.sshd.port,
      path: this.path('app'),
      binPath: process.execPath,
      console: 'relay.mjs',
      ...changes,
      ssh: { privateKey: this.key.file, connectTimeout: 20, ...ssh },
    };
  }

  connector(surroundings: Partial<Surroundings> = {}): Connect {
    const log = (host: string, level: string, message: string): void =>
      void this.log.push(`${host} ${level}: ${message}`);
    return sshConnections({ log, surroundings: { ...this.surroundings, ...surroundings } });
  }

  /** Connects, and closes at the end of the test. */
  async connect(changes: Changes = {}, surroundings: Partial<Surroundings> = {}): Promise<Link> {
    const link = await this.connector(surroundings)(this.target(changes)).connect();
    onTestFinished(() => link.close());
    return link;
  }

  /** Why there is no connection. */
  async failure(changes: Changes = {}, surroundings: Partial<Surroundings> = {}): Promise<HostError> {
    try {
      await this.connect(changes, surroundings);
    } catch (error) {
      return error as HostError;
    }
    throw new Error('There is a connection');
  }

  async writeConfig(text: string): Promise<void> {
    await writeFile(this.path('.ssh/config'), text, { mode: 0o600 });
  }

  async writeKnownHosts(text: string): Promise<void> {
    await writeFile(this.path('.ssh/known_hosts'), text);
  }

  async knownHosts(): Promise<string> {
    return readFile(this.path('.ssh/known_hosts'), 'utf8');
  }
}

/** An sshd until the end of the test. */
export async function startTestSshd(options: SshdOptions): Promise<Sshd> {
  const sshd = await startSshd(options);
  onTestFinished(() => sshd.stop());
  return sshd;
}

/** Sends a message and waits for the answer, or the end. */
export async function ask(link: Link, question: object): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  link.listen({ message: resolve, drained: () => {}, closed: (reason) => reject(new Error(reason)) });
  link.send(question);
  return promise;
}
