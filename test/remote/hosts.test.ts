import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { Hosts, needsNamespaces, type Host } from '../support/hosts.js';
import { eventually } from '../support/processes.js';
import { repository } from '../setup/temporary-folder.js';

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

beforeEach(needsNamespaces);

/** A program on alpha that sends numbers to one on beta, which sends them back. */
async function pinging(hosts: Hosts): Promise<Pinger> {
  const echo = hosts.host('beta').spawn('node', [fixture('tcp-echo.mjs')]);
  endWithTest(echo);
  await echo.says('listening');
  const pinger = new Pinger(hosts.host('alpha'));
  await pinger.isAnswered();
  return pinger;
}

function endWithTest(program: RunningProgram): void {
  onTestFinished(() => {
    if (program.isRunning) program.send('SIGKILL', 'alone');
  });
}

class Pinger {
  readonly #program: RunningProgram;

  constructor(host: Host) {
    this.#program = host.spawn('node', [fixture('tcp-pinger.mjs'), 'beta']);
    endWithTest(this.#program);
  }

  get lastSent(): number {
    return this.#last(/^sent (\d+) \.$/gm);
  }

  get lastGot(): number {
    return this.#last(/^got (\d+) \d+ \.$/gm);
  }

  get isTold(): boolean {
    return this.#program.output.includes('told of the end');
  }

  /** Milliseconds that each of the numbers took there and back. */
  get roundTrips(): number[] {
    return Array.from(this.#program.output.matchAll(/^got \d+ (\d+) \.$/gm), ([, time]) => Number(time));
  }

  /** A number sent from now on comes back. */
  async isAnswered(): Promise<void> {
    const next = this.lastSent + 1;
    await eventually(`${next} comes back`, () => this.lastGot >= next);
  }

  /** Not one of many numbers comes back; what was on its way may. */
  async isNotAnswered(): Promise<void> {
    await eventually('30 in a row have no answer', () => this.lastSent >= this.lastGot + 30);
  }

  async isToldOfTheEnd(): Promise<void> {
    await this.#program.says('told of the end');
  }

  #last(pattern: RegExp): number {
    return Number(Array.from(this.#program.output.matchAll(pattern)).at(-1)?.[1] ?? -1);
  }
}

describe('hosts', () => {
  it('have names, disks, homes and processes of their own, and reach each other by name and by SSH', async () => {
    const hosts = await Hosts.create(['alpha', 'beta']);
    const said = (command: string): Promise<string> => hosts.master.run(command).then(({ stdout }) => stdout);
    expect(await said('hostname; ssh alpha hostname; ssh 10.77.0.3 hostname')).toBe('master\nalpha\nbeta\n');
    expect(await said('ssh alpha "echo text > ~/file; cat ~/file"; ls ~')).toBe('text\n');
    const commands = (): string[] =>
      hosts
        .host('alpha')
        .processes()
        .map(({ command }) => command);
    await eventually('its sshd is alone', () =>
      commands().every((command) => command.includes('sshd: /usr/sbin/sshd')),
    );
    expect(commands()).toHaveLength(1);
  });

  it('can change nothing of this machine', async () => {
    const hosts = await Hosts.create(['alpha']);
    const { code, stderr } = await hosts.host('alpha').run(`touch ${repository}/changed`);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Read-only file system');
  });

  it('have a disk that is full at some time', async () => {
    const hosts = await Hosts.create(['alpha'], { disk: 1024 * 1024 });
    const { stderr } = await hosts.host('alpha').run('head -c 2M /dev/zero > /tmp/large');
    expect(stderr).toContain('No space left on device');
  });

  it('twenty of them are there within seconds', async () => {
    const begun = performance.now();
    const hosts = await Hosts.create(Array.from({ length: 20 }, (_, index) => `host-${index + 1}`));
    expect(performance.now() - begun).toBeLessThan(8000);
    const { stdout } = await hosts.master.run('ssh host-20 hostname');
    expect(stdout).toBe('host-20\n');
  });
});

describe('a link', () => {
  it('that is cut is a black hole, of which nobody is told; restored it carries what was sent meanwhile', async () => {
    const hosts = await Hosts.create(['alpha', 'beta']);
    const pinger = await pinging(hosts);
    await hosts.host('beta').cut();
    await pinger.isNotAnswered();
    expect(pinger.isTold).toBe(false);
    await hosts.host('beta').restore();
    await pinger.isAnswered();
    expect(pinger.roundTrips.length).toBeGreaterThan(pinger.lastGot);
  });

  it('that is cut at one host leaves the others theirs', async () => {
    const hosts = await Hosts.create(['alpha', 'beta', 'gamma']);
    const pinger = await pinging(hosts);
    await hosts.host('gamma').cut();
    await pinger.isAnswered();
    expect(pinger.isTold).toBe(false);
  });

  it('that is slow takes its time in either direction, and is quick again when told', async () => {
    const hosts = await Hosts.create(['alpha', 'beta']);
    await hosts.host('beta').slow({ delay: 60 });
    const pinger = await pinging(hosts);
    expect(Math.min(...pinger.roundTrips)).toBeGreaterThanOrEqual(120);
    await hosts.host('beta').slow();
    await eventually('it is quick', () => pinger.roundTrips.at(-1)! < 60);
  });

  it('that is lossy has TCP send again, and nothing is lost', async () => {
    const hosts = await Hosts.create(['alpha', 'beta']);
    const pinger = await pinging(hosts);
    await hosts.host('beta').slow({ loss: 20 });
    await eventually('something was sent twice', () => Math.max(...pinger.roundTrips) > 150);
    await pinger.isAnswered();
    await hosts.host('beta').slow();
    await pinger.isAnswered();
    expect(pinger.roundTrips.length).toBeGreaterThan(pinger.lastGot);
  });
});

describe('a host', () => {
  it('that is frozen runs nothing, and goes on where it was', async () => {
    const hosts = await Hosts.create(['alpha', 'beta']);
    const pinger = await pinging(hosts);
    const beta = hosts.host('beta');
    await beta.freeze();
    await pinger.isNotAnswered();
    expect(beta.processes().map(({ state }) => state)).toEqual(['T', 'T']);
    await beta.thaw();
    await pinger.isAnswered();
    expect(pinger.isTold).toBe(false);
  });

  it('whose power is cut says nothing any more; booted again it knows nothing of its connections', async () => {
    const hosts = await Hosts.create(['alpha', 'beta']);
    const pinger = await pinging(hosts);
    const beta = hosts.host('beta');
    await beta.run('touch ~/file');
    const processes = beta.processes();
    await beta.kill();
    await pinger.isNotAnswered();
    expect(pinger.isTold).toBe(false);
    expect(beta.processes()).toEqual([]);
    expect(processes.length).toBeGreaterThan(1);
    await beta.boot();
    await pinger.isToldOfTheEnd();
    expect((await hosts.master.run('ssh beta "hostname; ls"')).stdout).toBe('beta\n');
  });

  it('can do without its sshd, which comes back with the same keys', async () => {
    const hosts = await Hosts.create(['alpha']);
    const alpha = hosts.host('alpha');
    const connection = hosts.master.spawn('ssh', ['alpha', 'echo connected; sleep 1000']);
    await connection.says('connected');
    await alpha.killSshd();
    expect((await connection.end).code).toBe(255);
    expect((await hosts.master.run('ssh alpha true')).stderr).toContain('Connection refused');
    await alpha.startSshd();
    expect(await hosts.master.run('ssh alpha true')).toMatchObject({ code: 0, stderr: '' });
  });

  it('tells of its programs how they ended, and passes signals on to them', async () => {
    const hosts = await Hosts.create([]);
    const program = hosts.master.spawn('sh', [
      '-c',
      'trap "echo asked; exit 3" TERM; echo here; while :; do sleep 0.01; done',
    ]);
    await program.says('here');
    program.send('SIGTERM', 'alone');
    expect(await program.end).toMatchObject({ code: 3, output: 'here\nasked\n' });
    const killed = hosts.master.spawn('sh', ['-c', 'echo here; exec sleep 1000']);
    await killed.says('here');
    killed.send('SIGKILL', 'group');
    expect(await killed.end).toMatchObject({ signal: 'SIGKILL' });
  });

  it('is gone when the process that made it is killed', async () => {
    const keeper = new RunningProgram('node', [fixture('host-keeper.mjs')], { cwd: repository });
    await keeper.says('held');
    keeper.send('SIGKILL', 'alone');
    await eventually('nothing is left', () => keeper.size === 0);
    expect(await keeper.end).toMatchObject({ signal: 'SIGKILL' });
  });
});
