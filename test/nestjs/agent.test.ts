import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '@distributed-architecture/core';
import { Fleet } from '../support/fleet.js';
import { eventually } from '../support/processes.js';
import { endOf, helloOf, messagesOf, Relays, type RelayOptions } from '../support/relays.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';

const FIXTURES = join(repository, 'test/dist/nestjs/fixtures');
const LOOP: GroupOptions = { name: 'Group', command: 'app:loop' };

function start(main: string, groups: readonly GroupOptions[], options: RelayOptions = {}) {
  const relays = new Relays(join(FIXTURES, `${main}.js`), options);
  const agents = new Map([['localhost', relays]]);
  return { relays, fleet: new Fleet(groups, { name: `nest-agent-${randomUUID()}`, agents }) };
}

/** Not public: it is for the command that a master has executed. */
async function relayBoot(): Promise<string> {
  const module = pathToFileURL(join(repository, 'packages/core/dist/agent/relay-boot.js')).href;
  const { RELAY_BOOT } = (await import(module)) as { RELAY_BOOT: string };
  return RELAY_BOOT;
}

/** The modules that a relay of this entry has loaded when its agent has answered. */
async function modulesOfRelay(entry: string, nodeOptions: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder();
  const preload = pathToFileURL(join(repository, 'test/nestjs/fixtures/record-modules.mjs')).href;
  const env = { RECORDED_ROLE: 'relay', RECORDED_MODULES: join(folder, 'modules') };
  const relays = new Relays(entry, { nodeOptions: ['--import', preload, ...nodeOptions], env });
  const relay = relays.start();
  relay.stdin.write(helloOf(`modules-${randomUUID()}`));
  expect(await messagesOf(relay).next()).toMatchObject({ value: { type: 'hello' } });
  relay.stdin.end('{"type":"bye"}\n');
  expect(await endOf(relay)).toBe(0);
  return readFileSync(env.RECORDED_MODULES, 'utf8').split('\n');
}

describe('run-agent of a Nest application', () => {
  it.each([
    ['by runConsole', 'main'],
    ['by plain CommandFactory.run', 'factory-main'],
  ])('%s: an agent whose slaves are commands of that application', async (_title, main) => {
    const say: GroupOptions = { name: 'Said', command: 'app:say', params: { text: 'hello' } };
    const { relays, fleet } = start(main, [LOOP, say]);
    await fleet.says('console says hello');
    await fleet.says('logger says hello');
    await fleet.says('role slave');
    await fleet.says('turn');
    expect(relays.agents).toHaveLength(1);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    await eventually('all has ended', () => relays.processes.length === 0);
  });

  it('has an agent without Nest', async () => {
    const { relays, fleet } = start('main', [LOOP]);
    await fleet.says('turn');
    const maps = readFileSync(`/proc/${relays.agents[0]!}/cmdline`, 'utf8');
    expect(maps).toContain('/core/dist/agent/agent-main.js');
    await fleet.launcher.stop();
  });

  it('is not loaded at all as a master starts it', async () => {
    const boot = await relayBoot();
    const modules = await modulesOfRelay(join(FIXTURES, 'main.js'), ['-e', boot]);
    const files = modules.filter((url) => url.startsWith('file:'));
    expect(files.some((url) => url.endsWith('/agent/relay.js'))).toBe(true);
    expect(files.filter((url) => !url.includes('/core/dist/'))).toEqual([]);
    expect(files.filter((url) => /\/(index|start-agent|launcher-[a-z-]+|supervisor)\.js$/.test(url))).toEqual([]);
    // A master waits: each file costs about 0.3 ms.
    expect(files.length).toBeLessThan(30);
  });

  it('is loaded where the package cannot be found from its folder', async () => {
    const folder = await temporaryFolder({
      'main.mjs': `import { runSlave } from ${JSON.stringify(import.meta.resolve('@distributed-architecture/core'))};
await runSlave(async () => {});`,
    });
    const modules = await modulesOfRelay(join(folder, 'main.mjs'), ['-e', await relayBoot()]);
    expect(modules).toContain(pathToFileURL(join(folder, 'main.mjs')).href);
  });
});
