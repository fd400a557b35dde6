import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LogLevel } from '../logger/logger.js';
import type { Destination, Hop } from './destination.js';
import { KnownHostsError, type HostError } from './host-error.js';
import { judgeHostKey, readHostKey, type HostKeyCheck } from './host-key.js';
import { knownKeys, type KnownHostsFile } from './known-hosts.js';

/** What the host keys of one connection are judged by: its known_hosts as they were when it began. */
export class HostKeyBook {
  private constructor(
    private readonly destination: Destination,
    private readonly files: readonly KnownHostsFile[],
    private readonly log: (level: LogLevel, message: string) => void,
  ) {}

  /** @throws KnownHostsError when a file cannot be read, unless nothing is checked */
  static async open(destination: Destination, log: (level: LogLevel, message: string) => void): Promise<HostKeyBook> {
    const { knownHosts, checking, name } = destination;
    const files = await Promise.all(knownHosts.map((path) => readKnownHosts(path, name, checking === 'off')));
    return new HostKeyBook(destination, files, log);
  }

  checkOf({ host, port, name, knownAs }: Hop): HostKeyCheck {
    const { checking, newHosts } = this.destination;
    const [own = host, ...elsewhere] = knownAs;
    return {
      host: name === host && port === 22 ? name : `${name} (${host}:${port})`,
      knownAs: own,
      known: knownKeys(this.files, [own]),
      knownElsewhere: knownKeys(this.files, elsewhere),
      file: newHosts,
      checking,
    };
  }

  /** @returns why the key is refused; undefined when it is not */
  refusal(blob: Buffer, check: HostKeyCheck): HostError | undefined {
    const shown = readHostKey(blob);
    const verdict = judgeHostKey(shown, check);
    switch (verdict.type) {
      case 'trusted':
        return undefined;
      case 'refused':
        return verdict.error;
      case 'unchecked':
        this.log('warn', `Host keys are not checked: ${verdict.problem.message}`);
        return undefined;
      case 'new':
        return this.#remember(verdict.file, verdict.line);
    }
  }

  #remember(file: string, line: string): HostError | undefined {
    try {
      if (append(file, line)) this.log('log', `Added to ${file}: ${line}`);
      return undefined;
    } catch (error) {
      const { name } = this.destination;
      const { message } = error as Error;
      return new KnownHostsError(name, `${name}: its host key cannot be added to ${file}: ${message}`, {
        cause: error,
      });
    }
  }
}

async function readKnownHosts(path: string, host: string, isOptional: boolean): Promise<KnownHostsFile> {
  try {
    // Others, such as /dev/null, have nothing to say; a pipe might never end.
    const isFile = (await stat(path)).isFile();
    return { path, text: isFile ? await readFile(path, 'utf8') : '' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (isOptional || code === 'ENOENT' || code === 'ENOTDIR') return { path, text: '' };
    throw new KnownHostsError(host, `${host}: ${path} cannot be read: ${message}`, { cause: error });
  }
}

/**
 * Several launchers may do it at once: one write at the end of the file is never torn, and a line that is there twice
 * harms nobody.
 *
 * @returns whether it was not there yet
 */
function append(file: string, line: string): boolean {
  makeFolder(dirname(file));
  const text = textOf(file);
  if (text.split('\n').includes(line)) return false;
  const newline = text === '' || text.endsWith('\n') ? '' : '\n';
  appendFileSync(file, `${newline}${line}\n`, { mode: 0o600 });
  return true;
}

/** One level, as ssh does: with more, mkdir never returns where the system lets nobody make folders, as in /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
