import { describe, expect, it } from 'vitest';
import { AgentWorld, FakeLink, LEASE_MS } from '../agent/agent-world.spec.helper.js';
import { ManualClock } from '../testing/manual-clock.js';

/** When the master's fence has passed after a cut, whenever its last echo was. */
const FENCE_MS = 1.25 * LEASE_MS + 2000;

const SILENT = 'host warn: Connection to host lost: nothing was heard for 4.5 s';

describe('a host', () => {
  it('is connected, told what to run, and tells what happens', async () => {
    const world = new AgentWorld();
    world.wantBoth('run');
    const told = await world.toldIn(100, () => world.host.run());
    expect(told).toEqual(['host log: Connected to host']);
    expect(world.engine.calls).toEqual(['open', 'resume-all', 'start 1.1 2.1', 'limits 3', 'want 1 run', 'want 2 run']);
    const next = await world.toldIn(100, () => {
      world.engine.begin(1, 1);
      world.engine.say(1, 'hello\nworld\n', 'warn');
      world.engine.listener.sink.write(world.specs[1]!.origin, 'debug', 'fine', 'Service');
      world.engine.listener.sink.write({ display: 'master' }, 'error', 'own');
    });
    expect(next).toEqual([
      '1.1 starting process_started',
      '1 warn: hello\nworld',
      '2 debug: [Service] fine',
      'host error: own',
    ]);
  });

  it('keeps its lease as long as the link does', async () => {
    const world = await AgentWorld.running();
    world.engine.calls.length = 0;
    expect(await world.toldIn(10 * LEASE_MS)).toEqual([]);
    expect(world.engine.calls).toEqual([]);
    expect(world.links).toHaveLength(1);
  });

  it('gets what is wanted when it changes', async () => {
    const world = await AgentWorld.running();
    world.engine.calls.length = 0;
    world.wantBoth('stop');
    await world.pass(100);
    expect(world.engine.calls).toEqual(['want 1 stop', 'want 2 stop']);
  });

  it('is left with a goodbye: its agent tells what it has yet to tell, and ends', async () => {
    const world = await AgentWorld.running();
    let left = false;
    const told = await world.toldIn(20, () => void world.host.close().then(() => (left = true)));
    expect([told, world.engine.calls.at(-1), left]).toEqual([[], 'stop-all', false]);
    world.engine.say(1, 'last words\n');
    world.engine.finish(1, 1);
    expect(await world.toldIn(30)).toEqual(['1 log: last words']);
    expect([world.engine.calls.slice(-3), world.idle, left]).toEqual([['stop-all', 'kill-all', 'close'], true, true]);
    expect(await world.toldIn(FENCE_MS)).toEqual([]);
    expect(world.clock.waiting).toBe(0);
  });

  it('that does not end is not waited for longer than 5 s', async () => {
    const world = await AgentWorld.running();
    let left = false;
    void world.host.close().then(() => (left = true));
    await world.pass(4900);
    expect(left).toBe(false);
    await world.pass(100);
    expect([left, world.link.open]).toEqual([true, false]);
  });

  it('that is not connected is left at once', async () => {
    const world = new AgentWorld();
    world.unreachable = new Error('no route');
    world.host.run();
    await world.pass(100);
    await world.host.close();
    expect(await world.toldIn(FENCE_MS)).toEqual([]);
  });
});

describe('a short cut', () => {
  it('costs nothing: records come again, each once, and the processes go on', async () => {
    const world = await AgentWorld.running({ leaseMs: 30_000 });
    world.engine.calls.length = 0;
    world.engine.say(1, 'before\n');
    await world.pass(20);
    world.link.cutBoth();
    world.engine.say(1, 'in between\n');
    const cut = await world.toldIn(4600);
    expect(cut).toEqual([SILENT, '1.1 unreachable', '2.1 unreachable']);
    const back = await world.toldIn(1500);
    expect(back).toEqual(['host log: Connected to host', '1.1 starting', '2.1 starting', '1 log: in between']);
    expect(world.engine.calls).toEqual(['want 1 run', 'want 2 run']);
    expect(world.engines).toHaveLength(1);
  });

  it('in which confirmations are lost repeats nothing', async () => {
    const world = await AgentWorld.running();
    world.link.peer.cut = false;
    world.link.cut = true;
    world.engine.say(1, 'once\n');
    const told = await world.toldIn(FENCE_MS);
    expect(told.filter((each) => each === '1 log: once')).toHaveLength(1);
  });

  it('that the other side notices is tried again after a second', async () => {
    const world = await AgentWorld.running();
    world.link.end('ECONNRESET');
    const told = await world.toldIn(980);
    expect(told).toEqual([]);
    expect(world.links).toHaveLength(1);
    await world.pass(40);
    expect(world.links).toHaveLength(2);
  });
});

describe('a long cut', () => {
  it('fences the agent first; after the fence the exits are told as lost', async () => {
    const world = await AgentWorld.running();
    world.engine.calls.length = 0;
    world.unreachable = new Error('no route');
    world.link.cutBoth();
    const told = await world.toldIn(LEASE_MS + 100);
    expect(world.engine.calls).toEqual(['stop-all', 'kill-all']);
    expect(told.some((each) => each.includes('lost: ') === false && each.includes('process_stopped'))).toBe(false);
    const later = await world.toldIn(FENCE_MS - LEASE_MS);
    expect(later.filter((each) => !each.startsWith('host'))).toEqual([
      '1.1 unreachable process_stopped lost',
      '2.1 unreachable process_stopped lost',
    ]);
  });

  it('told as lost, an incarnation is not told again by the agent that comes back', async () => {
    const world = await AgentWorld.running();
    world.unreachable = new Error('no route');
    world.link.cutBoth();
    await world.pass(LEASE_MS);
    world.engine.finish(1, 1);
    await world.pass(FENCE_MS);
    expect(world.idle).toBe(true);
    world.session = world.createSession();
    world.unreachable = undefined;
    const told = await world.toldIn(35_000);
    expect(told.slice(-3)).toEqual(['host log: Connected to host', '1.1 created', '2.1 created']);
    expect(world.engine.calls).toContain('start 1.1002 2.1002');
  });

  it('is a wait for the fence for what is to stop', async () => {
    const world = await AgentWorld.running();
    world.unreachable = new Error('no route');
    world.link.cutBoth();
    await world.pass(6000);
    expect(await world.toldIn(100, () => world.wantBoth('stop'))).toEqual([]);
    const told = await world.toldIn(FENCE_MS);
    expect(told.filter((each) => !each.startsWith('host'))).toEqual([
      '1.1 unreachable process_stopped lost',
      '2.1 unreachable process_stopped lost',
      '1.1 stopped',
      '2.1 stopped',
    ]);
  });
});

describe('another agent', () => {
  it('of the same place has ended what the one before left: lost, and started again at once', async () => {
    const world = await AgentWorld.running();
    world.session = world.createSession();
    world.link.end('killed');
    const told = await world.toldIn(1100);
    expect(told).toEqual([
      '1.1 unreachable process_stopped lost',
      '2.1 unreachable process_stopped lost',
      'host log: Connected to host',
      '1.1 created',
      '2.1 created',
    ]);
    expect(world.engine.calls).toContain('start 1.1002 2.1002');
  });

  it('of another place runs nothing before the fence', async () => {
    const world = await AgentWorld.running();
    world.session = world.createSession('elsewhere');
    world.link.end('killed');
    await world.pass(FENCE_MS - 1500);
    expect(world.engine.calls).not.toContain('start 1.1002 2.1002');
    world.session = world.createSession('elsewhere');
    await world.pass(2000);
    expect(world.engine.calls).toContain('start 1.1002 2.1002');
  });
});

describe('a connection that fails', () => {
  it('is told with its reason and tried again, ever more seldom', async () => {
    const world = new AgentWorld();
    world.unreachable = new Error('ECONNREFUSED');
    world.wantBoth('run');
    const told = await world.toldIn(6500, () => world.host.run());
    const failed = 'host error: SSH connection failed: ECONNREFUSED';
    expect(told).toEqual([failed, '1.0 unreachable', '2.0 unreachable', failed, failed]);
    world.unreachable = undefined;
    expect((await world.toldIn(1000))[0]).toBe('host log: Connected to host');
  });

  it('takes as long as it takes, and is closed when it comes after the end', async () => {
    const late = Promise.withResolvers<FakeLink>();
    let ended: AbortSignal | undefined;
    const world = new AgentWorld({ connect: (signal) => ((ended = signal), late.promise) });
    world.host.run();
    expect(await world.toldIn(60_000)).toEqual([]);
    expect(ended?.aborted).toBe(false);
    await world.host.close();
    expect(ended?.aborted).toBe(true);
    const [link] = FakeLink.pair(world.clock);
    late.resolve(link);
    await world.pass(100);
    expect(link.open).toBe(false);
  });

  it('because a silent program answers is told, and tried again', async () => {
    const [link] = FakeLink.pair(new ManualClock());
    const world = new AgentWorld({ connect: () => Promise.resolve(link) });
    world.host.run();
    const text = 'host error: SSH connection failed: the agent has not answered within 10 s';
    expect(await world.toldIn(10_100)).toContain(text);
    expect(link.open).toBe(false);
    await world.host.close();
  });

  it('is told when the agent refuses', async () => {
    const world = await AgentWorld.running();
    const other = world.createHost({ epoch: 0 });
    const told = await world.toldIn(100, () => other.run());
    expect(told[0]).toContain(
      'SSH connection failed: the agent refused (epoch): A later run of the fleet has taken over',
    );
    await other.close();
  });

  it('is told when the agent speaks another version, or for another run', async () => {
    const hello = { type: 'hello', version: '1', build: 'b', node: 'n', place: 'p', fleet: 'fleet', epoch: 1 };
    const rest = { agent: 'x', running: false, at: 0, capabilities: [] };
    for (const [changes, text] of [
      [{ protocol: { major: 9, minor: 0 } }, 'the agent speaks version 9 of the protocol, not 1'],
      [{ protocol: { major: 1, minor: 0 }, fleet: 'other' }, 'the agent answers for another run'],
    ] as const) {
      const world = new AgentWorld();
      const [master, agent] = FakeLink.pair(world.clock);
      agent.listen({
        message: () => agent.send({ ...hello, ...rest, ...changes }),
        drained: () => {},
        closed: () => {},
      });
      const host = world.createHost({ connect: () => Promise.resolve(master) });
      const told = await world.toldIn(100, () => host.run());
      expect(told).toContain(`host error: SSH connection failed: ${text}`);
      await host.close();
    }
  });
});

describe('an application that is not ours', () => {
  it('runs, and the difference is told once', async () => {
    const world = new AgentWorld();
    const host = world.createHost({ build: 'a' });
    const difference = "host warn: The application there is not the same: build b differs from the master's a";
    expect(await world.toldIn(100, () => host.run())).toContain(difference);
    world.links.at(-1)!.cutBoth();
    const later = await world.toldIn(LEASE_MS);
    expect(later).toContain('host log: Connected to host');
    expect(later).not.toContain(difference);
  });

  it('is none when nothing is known of ours', async () => {
    const world = new AgentWorld();
    const host = world.createHost();
    expect(await world.toldIn(100, () => host.run())).toEqual(['host log: Connected to host']);
  });
});

describe('what a host says', () => {
  it('that is no message is logged, but not for ever', async () => {
    const world = await AgentWorld.running();
    const told = await world.toldIn(100, () => {
      for (let index = 0; index < 150; index++) world.link.hear(`Welcome ${'x'.repeat(1000)}`);
    });
    expect(told).toHaveLength(100);
    expect(told[0]!.length).toBeLessThan(300);
  });

  it('before its hello, or of processes that are not its own, is not believed', async () => {
    const world = await AgentWorld.running();
    const record = { type: 'log', id: 77, level: 'log', message: 'x' };
    const told = await world.toldIn(100, () => world.link.hear({ type: 'record', sequence: 100, record }));
    expect(told).toEqual([]);
  });

  it('is confirmed only while the log takes more, and nothing is lost', async () => {
    const world = await AgentWorld.running();
    const log = Promise.withResolvers<void>();
    world.full = log.promise;
    const count = 40;
    const told = await world.toldIn(3000, () => {
      for (let index = 0; index < count; index++) world.engine.say(1, `${index}${'x'.repeat(60_000)}\n`);
    });
    expect(told.length).toBeLessThan(10);
    expect(world.engine.calls).not.toContain('stop-all');
    world.full = undefined;
    log.resolve();
    const rest = await world.toldIn(3000);
    expect([...told, ...rest].map((each) => parseInt(each.slice('1 log: '.length), 10))).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
  });
});
