import { describe, expect, it } from 'vitest';
import { Caller, running } from './agent-caller.spec.helper.js';
import { AgentWorld, LEASE_MS, settle } from './agent-world.spec.helper.js';

describe('bye', () => {
  it('stops at once, and the agent ends when all is over and told', async () => {
    const { world, master, engine } = await running();
    await master.say({ type: 'bye' });
    expect(engine.calls).toEqual(['stop-all']);
    engine.finish(1, 1);
    await world.pass(20);
    expect(world.idle).toBe(false);
    await master.say({ type: 'confirm', sequence: 2 });
    expect([world.idle, engine.calls.at(-1), master.closed]).toEqual([true, 'close', 'the other side has ended it']);
  });

  it('and a closed link: nobody is left to tell', async () => {
    const { world, master, engine } = await running();
    await master.say({ type: 'bye' });
    master.link.close();
    await world.pass(20);
    engine.finish(1, 1);
    await settle();
    expect(world.idle).toBe(true);
  });

  it('kills what is left at the end of the lease', async () => {
    const { world, master, engine } = await running();
    await master.say({ type: 'bye' });
    await world.pass(LEASE_MS);
    expect(engine.calls).toEqual(['stop-all', 'kill-all']);
  });

  it('with a hello soon after it begins anew when all is over', async () => {
    const { world, master, engine } = await running();
    await master.say({ type: 'bye' });
    const next = await new Caller(world).hello();
    engine.finish(1, 1);
    await world.pass(20);
    expect(next.of('hello')[0]).toMatchObject({ agent: 'agent-2', running: false });
    expect(world.idle).toBe(false);
  });
});

describe('an agent with one pipe', () => {
  it('ends at once when the pipe closes and nothing runs', async () => {
    const world = new AgentWorld();
    const master = await new Caller(world).start();
    world.session.noMoreLinks();
    master.link.close();
    await world.pass(20);
    expect([world.idle, world.engine.calls.at(-1)]).toEqual([true, 'close']);
  });

  it('lets the lease run when the pipe closes without bye, then ends', async () => {
    const { world, master, engine } = await running();
    world.session.noMoreLinks();
    master.link.close();
    await world.pass(LEASE_MS / 2);
    expect(engine.calls).toEqual(['stop-all']);
    await world.pass(LEASE_MS / 2);
    expect(engine.calls).toEqual(['stop-all', 'kill-all']);
    engine.finish(1, 1);
    await settle();
    expect(world.idle).toBe(true);
  });

  it('ends when the pipe closes before anybody said hello', async () => {
    const world = new AgentWorld();
    const master = new Caller(world);
    world.session.noMoreLinks();
    master.link.close();
    await world.pass(20);
    expect(world.idle).toBe(true);
  });

  it('ends when the pipe closes while the host is opened', async () => {
    const world = new AgentWorld();
    world.opensAtOnce = false;
    const master = await new Caller(world).hello();
    world.session.noMoreLinks();
    master.link.close();
    await world.pass(20);
    expect(world.idle).toBe(false);
    world.engine.opening.resolve();
    await settle();
    expect([world.idle, world.engine.calls.at(-1)]).toEqual([true, 'close']);
  });
});

describe('an agent that is to end itself', () => {
  it('stops everything, tells the exits, and ends', async () => {
    const { world, master, engine } = await running();
    world.session.leave();
    expect(engine.calls).toEqual(['stop-all']);
    expect((await new Caller(world).hello()).heard).toEqual([
      { type: 'refused', reason: 'busy', message: 'The agent ends' },
    ]);
    engine.finish(1, 1);
    await world.pass(20);
    expect(world.idle).toBe(false);
    await master.say({ type: 'confirm', sequence: 2 });
    expect([world.idle, engine.calls.at(-1)]).toEqual([true, 'close']);
  });

  it('waits for its master no longer than the lease', async () => {
    const { world, engine } = await running();
    world.session.leave();
    engine.finish(1, 1);
    await world.pass(LEASE_MS);
    expect(world.idle).toBe(true);
  });

  it('ends at once when nobody has said hello', async () => {
    const world = new AgentWorld();
    world.session.leave();
    await settle();
    expect([world.idle, world.clock.waiting]).toEqual([true, 0]);
  });

  it('ends when the host is open, if it is just being opened', async () => {
    const world = new AgentWorld();
    world.opensAtOnce = false;
    const master = await new Caller(world).hello();
    world.session.leave();
    await world.pass(20);
    expect([master.answer, world.idle]).toEqual(['refused busy', false]);
    world.engine.opening.resolve();
    await settle();
    expect([world.idle, world.engine.calls.at(-1)]).toEqual([true, 'close']);
  });
});

describe('records', () => {
  it('wait while the link has no room; the lease does not', async () => {
    const { world, master, engine } = await running();
    const before = master.of('record').length;
    master.link.peer.room = false;
    engine.say(1, 'one\n');
    engine.say(1, 'two\n');
    await world.pass(1500);
    expect(master.of('record')).toHaveLength(before + 1);
    expect(master.of('lease')).toHaveLength(1);
    expect(master.of('summary')).toHaveLength(0);
    master.link.peer.room = true;
    master.link.peer.listener!.drained();
    await world.pass(20);
    expect(master.of('record')).toHaveLength(before + 2);
  });

  it('name the process by its id, the agent itself by none', async () => {
    const { world, master, engine } = await running();
    const { sink } = engine.listener;
    sink.write(engine.specs[0]!.spec.origin, 'warn', 'careful', 'Service');
    sink.write({ display: 'master' }, 'error', 'own');
    sink.writeLines({ display: 'master' }, 'log', 'two\nlines\n');
    await world.pass(20);
    expect(master.of('record').slice(-3)).toMatchObject([
      { record: { type: 'log', id: 1, level: 'warn', message: 'careful', context: 'Service' } },
      { record: { type: 'log', level: 'error', message: 'own' } },
      { record: { type: 'log', level: 'log', message: 'two\nlines' } },
    ]);
    expect(await sink.flush()).toBeUndefined();
  });

  it('fill the agent up when nobody confirms: its processes are not read then', async () => {
    const { world, master, engine } = await running();
    const { sink } = engine.listener;
    let blocks = 0;
    for (; sink.full() === undefined; blocks++) engine.say(1, `${'x'.repeat(65_535)}\n`);
    expect(blocks).toBeGreaterThan(100);
    const full = sink.full();
    await world.pass(20);
    expect(master.of('record').length).toBeLessThan(12);
    while (master.of('record').length < blocks + 1) {
      await master.say({ type: 'confirm', sequence: master.of('record').at(-1)!.sequence });
    }
    await full;
    expect(master.of('record').map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: blocks + 1 }, (_, index) => index + 1),
    );
  });

  it('go along with a summary once a second', async () => {
    const { world, master, engine } = await running();
    engine.saw = [
      { id: 1, ageMs: 20, rss: 64 },
      { id: 2, ageMs: 5 },
    ];
    await world.pass(1000);
    expect(master.of('summary')).toEqual([
      {
        type: 'summary',
        load: 0.5,
        rss: 40,
        seen: [
          [1, 20, 64],
          [2, 5],
        ],
      },
    ]);
  });
});
