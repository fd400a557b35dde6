import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { makeKey, startSshd } from '../support/sshd.js';
import { Program, fleet, queueFleet } from './harness/program.js';

/** A host that is this machine, reached by a server of our own. */
async function host() {
  const folder = await temporaryFolder();
  const key = await makeKey(folder, 'id_test');
  const sshd = await startSshd({ folder: join(folder, 'sshd'), authorizedKeys: [key.publicKey] });
  onTestFinished(() => sshd.stop());
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(knownHosts, sshd.hostKeyLines());
  const remote = { hosts: [`127.0.0.1:${sshd.port}`], private_key: key.file, known_hosts: knownHosts };
  return { folder, remote };
}

describe('run-master with another host', () => {
  it('runs processes there, and all they say is in its log under the name of the host', async () => {
    const { remote } = await host();
    const yaml = fleet({
      Talkers: {
        command: 'app:say',
        params: { text: 'hello' },
        local: {},
        remote: [{ ...remote, instances_count: 2 }],
      },
    });
    const { exitCode, output } = await Program.run('main', ['run-master'], { yaml });
    expect(output).toContain('[127.0.0.1] [master] Connected to host');
    expect(output).toContain('[Talkers] [localhost] [app:say/1/1] console says hello');
    expect(output).toContain('[Talkers] [127.0.0.1] [app:say/2/2] console says hello');
    expect(output).toContain('[Talkers] [127.0.0.1] [app:say/3/3] Ended');
    expect(exitCode).toBe(0);
  });

  it('publishes the events of its processes in the master, and asks preRunCheck once, there', async () => {
    const { remote } = await host();
    const yaml = fleet({
      Talkers: { command: 'app:say', params: { text: 'hello' }, local: undefined, remote: [remote] },
      Refused: { command: 'app:refused', local: undefined, remote: [{ ...remote, instances_count: 3 }] },
    });
    const { exitCode, output } = await Program.run('events-main', ['run-master'], { yaml });
    expect(exitCode).toBe(0);
    for (const event of [
      'event process_created app:say/1/1',
      'event process_started app:say/1/1 incarnation=1',
      'event process_running console says hello',
      'event process_stopped code=0 reason=ended',
    ]) {
      expect(output.split(`${event}\n`)).toHaveLength(2);
    }
    expect(output.split('Not run: preRunCheck refused')).toHaveLength(2);
  });
});

describe('run-master --check', () => {
  it('finds a host fit: exit code 0, nothing is started, nothing but the table is printed', async () => {
    const { remote } = await host();
    const yaml = fleet({ Talkers: { command: 'app:say', local: undefined, remote: [remote] } });
    const { exitCode, stdout } = await Program.run('main', ['run-master', '--check'], { yaml });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replaceAll(/ {2,}/g, '|')),
    ).toEqual([
      'host|reachable|authenticated|node|entry|build|clock|feeder ports|fit',
      expect.stringMatching(/^127\.0\.0\.1:\d+\|yes\|yes\|v[\d.]+\|\/.*\/main\.js\|[0-9a-f]{16}\|[+-]0\.\d s\|-\|yes$/),
    ]);
    expect(exitCode).toBe(0);
  });

  it('looks at all hosts at a time, and ends with exit code 1 if one is not fit', async () => {
    const { folder, remote } = await host();
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const taken = (silent.address() as { port: number }).port;
    const nobody = { ...remote, hosts: [`127.0.0.1:${taken}`], connect_timeout: 1 };
    const yaml = queueFleet(
      {
        Queue: {
          command: 'app:loop',
          local_feeder: undefined,
          remote_feeder: { ...remote, bind_to: '127.0.0.1', port: taken },
          consumers: { local: { host: '127.0.0.1' } },
        },
      },
      { Talkers: { command: 'app:say', remote: [{ ...remote, path: join(folder, 'nowhere') }, nobody] } },
    );
    const { exitCode, stdout } = await Program.run('main', ['--check', '--json'], { yaml });
    expect(exitCode).toBe(1);
    const found = JSON.parse(stdout) as {
      fit: boolean;
      reachable?: boolean;
      authenticated?: boolean;
      problems: string[];
    }[];
    expect(found.map(({ fit, reachable, authenticated }) => ({ fit, reachable, authenticated }))).toEqual([
      { fit: false, reachable: true, authenticated: true },
      { fit: false, reachable: false, authenticated: false },
      { fit: false, reachable: true, authenticated: true },
    ]);
    expect(found.map(({ problems }) => problems[0])).toEqual([
      expect.stringContaining('nowhere'),
      expect.stringContaining('no word of an SSH server within connect_timeout, 1 s'),
      expect.stringContaining(`A feeder cannot listen at 127.0.0.1:${taken}`),
    ]);
  });
});
