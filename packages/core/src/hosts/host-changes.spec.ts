import { describe, expect, it } from 'vitest';
import { AgentWorld, FakeLink, LEASE_MS } from '../agent/agent-world.spec.helper.js';
import { queueGroup } from '../launcher/queue-fleet.spec.helper.js';
import { group, listProcesses } from '../testing/process-specs.js';

/** Processes 3 and 4 of the group of which 1 and 2 run. */
const MORE = listProcesses([group({ local: { instancesCount: 4 } })]).slice(2);

const ALL_RUN = new Map([1, 2, 3, 4].map((id) => [id, 'run'] as const));

describe('a host that is to run more', () => {
  it('is told at once', async () => {
    const world = await AgentWorld.running();
    world.engine.calls.length = 0;
    world.host.amend(MORE, []);
    world.host.want(ALL_RUN);
    await world.pass(20);
    expect(world.engine.calls).toEqual(['add 3.1 4.1', 'want 1 run', 'want 2 run', 'want 3 run', 'want 4 run']);
    expect(await world.toldIn(20, () => world.engine.begin(3, 1))).toEqual(['3.1 starting process_started']);
  });

  it('is told when it is back', async () => {
    const world = await AgentWorld.running();
    world.engine.calls.length = 0;
    world.link.cutBoth();
    await world.pass(20);
    world.host.amend(MORE, []);
    world.host.want(ALL_RUN);
    const told = await world.toldIn(LEASE_MS * 0.7);
    expect(told).toContain('host log: Connected to host');
    expect(world.engine.calls.filter((call) => !call.startsWith('want'))).toEqual([
      'stop-all',
      'add 3.1 4.1',
      'resume-all',
    ]);
    expect(world.engine.calls).toContain('want 3 run');
  });

  it('gets the keys of queue groups that are new there', async () => {
    const world = await AgentWorld.running();
    const specs = listProcesses([queueGroup()]).map((spec) => ({ ...spec, id: spec.id + 10 }));
    world.host.amend(specs, []);
    const run = world.link.sent.findLast(({ type }) => type === 'run');
    expect(run).toMatchObject({ keys: { Queue: Buffer.alloc(32).toString('base64') } });
  });

  it('but whose package takes no changes lets that fail, and says so', async () => {
    const world = new AgentWorld();
    const [master, agent] = FakeLink.pair(world.clock);
    const heard: string[] = [];
    const identity = { version: '0.9.0', build: 'b', node: 'n', place: 'p', fleet: 'fleet', epoch: 1, agent: 'x' };
    const hello = { type: 'hello', protocol: { major: 1, minor: 0 }, ...identity, running: false, at: 0 };
    agent.listen({
      message: (message) => {
        heard.push((message as { type: string }).type);
        if (heard.at(-1) === 'hello') agent.send({ ...hello, capabilities: ['queues'] });
      },
      drained: () => {},
      closed: () => {},
    });
    const host = world.createHost({ connect: () => Promise.resolve(master) });
    host.want(ALL_RUN);
    host.run();
    await world.pass(100);
    const told = await world.toldIn(20, () => {
      host.amend(MORE, []);
      host.want(ALL_RUN);
    });
    const names = MORE.map(({ origin }) => origin.display).join(', ');
    const why = 'version 0.9.0 of the package there takes no changes while it runs: upgrade it';
    expect(told).toEqual(['3.0 failed', '4.0 failed', `host error: Not started: ${names}: ${why}`]);
    expect(heard).toEqual(['hello', 'confirm', 'echo', 'run', 'want', 'want']);
    void host.close();
    await world.pass(5000);
  });
});

describe('a host that is to run less', () => {
  it('forgets it, and so do we', async () => {
    const world = await AgentWorld.running();
    world.engine.calls.length = 0;
    world.host.amend([], [1]);
    world.host.want(new Map([[2, 'run']]));
    const told = await world.toldIn(20, () => world.engine.say(1, 'still here\n'));
    expect([told, world.engine.calls]).toEqual([[], ['retire 1', 'want 2 run']]);
  });

  it('and was fenced does not go on with it for a moment when it is back', async () => {
    const world = await AgentWorld.running();
    world.link.cutBoth();
    world.unreachable = new Error('no route');
    await world.pass(LEASE_MS);
    world.engine.finish(1, 1);
    world.host.amend([], [1]);
    world.host.want(new Map([[2, 'stop']]));
    world.engine.calls.length = 0;
    world.unreachable = undefined;
    await world.pass(40_000);
    expect(world.engines).toHaveLength(1);
    expect(world.engine.calls).toEqual(['retire 1', 'want 2 stop', 'resume-all', 'want 2 stop']);
  });
});
