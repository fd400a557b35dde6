import { describe, expect, it } from 'vitest';
import { Caller, runOf, running } from './agent-caller.spec.helper.js';
import { AgentWorld, LEASE_MS } from './agent-world.spec.helper.js';

describe('hello', () => {
  it('is answered with who the agent is and the first time to echo', async () => {
    const world = new AgentWorld();
    const master = await new Caller(world).hello();
    const protocol = { major: 1, minor: 1 };
    const identity = { version: '1.0.0', build: 'b', node: 'v24', place: 'machine' };
    const run = { fleet: 'fleet', epoch: 1, agent: 'agent-1', running: false, at: 5 };
    const capabilities = ['queues', 'amend'];
    expect(master.heard).toEqual([{ type: 'hello', protocol, ...identity, ...run, capabilities }]);
  });

  it.each([
    ['an unknown major', { protocol: { major: 2, minor: 0 } }, 'refused protocol'],
    ['another fleet', { fleet: 'other' }, 'refused fleet'],
    ['a lower epoch', { epoch: 0 }, 'refused epoch'],
  ])('with %s is refused, and changes nothing', async (_, changes, answer) => {
    const { world, master, engine } = await running();
    const other = await new Caller(world).hello(changes);
    expect([other.answer, other.closed]).toEqual([answer, 'the other side has ended it']);
    expect([master.closed, engine.calls]).toEqual([undefined, []]);
  });

  it('waits for what an earlier agent left', async () => {
    const world = new AgentWorld();
    world.opensAtOnce = false;
    const master = await new Caller(world).hello();
    await world.pass(4000);
    expect(master.heard).toEqual([]);
    world.engine.opening.resolve();
    await world.pass(20);
    expect(master.answer).toBe('hello');
  });

  it('is refused when that takes long, and answered the next time', async () => {
    const world = new AgentWorld();
    world.opensAtOnce = false;
    const master = await new Caller(world).hello();
    await world.pass(5000);
    expect(master.answer).toBe('refused busy');
    world.engine.opening.resolve();
    const again = await new Caller(world).hello();
    expect([again.answer, world.engines.length]).toEqual(['hello', 1]);
  });

  it('is refused when the host cannot be opened, with the reason', async () => {
    const world = new AgentWorld();
    world.opensAtOnce = false;
    const master = await new Caller(world).hello();
    world.engine.opening.reject(new Error('Another agent runs'));
    await world.pass(20);
    expect(master.heard).toEqual([{ type: 'refused', reason: 'failed', message: 'Another agent runs' }]);
    world.opensAtOnce = true;
    expect((await new Caller(world).hello()).answer).toBe('hello');
  });

  it('said by nobody, the agent ends', async () => {
    const world = new AgentWorld();
    await world.pass(29_000);
    expect(world.idle).toBe(false);
    await world.pass(1000);
    expect(world.idle).toBe(true);
  });
});

describe('the newest link', () => {
  it('of the same epoch wins; the agent has gone on, and messages of the older are ignored', async () => {
    const { world, master, engine } = await running();
    const next = await new Caller(world).hello();
    expect(next.of('hello')[0]).toMatchObject({ agent: 'agent-1', running: true });
    expect(master.closed).toBe('the other side has ended it');
    await master.say({ type: 'want', generation: 9, wanted: { 1: 'kill' } }, { type: 'bye' });
    expect(engine.calls).toEqual([]);
    await next.lend();
    await next.say({ type: 'want', generation: 2, wanted: { 1: 'stop' } });
    expect(engine.calls).toEqual(['want 1 stop']);
  });

  it('is not overruled by what was wanted before', async () => {
    const { master, engine } = await running();
    await master.say({ type: 'want', generation: 3, wanted: { 1: 'stop' } });
    await master.say({ type: 'want', generation: 2, wanted: { 1: 'run' } });
    expect(engine.calls).toEqual(['want 1 stop']);
  });

  it('gets the records that were not confirmed, from where the master has them', async () => {
    const { world, master, engine } = await running();
    engine.say(1, 'one\n');
    engine.say(1, 'two\n');
    await world.pass(20);
    expect(master.of('record').map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const next = await new Caller(world).hello();
    expect(next.of('record')).toEqual([]);
    await next.say({ type: 'confirm', sequence: 2 });
    expect(next.of('record').map(({ sequence }) => sequence)).toEqual([3]);
  });

  it('does nothing before its hello', async () => {
    const { world, master, engine } = await running();
    await new Caller(world).say({ type: 'bye' }, { type: 'want', generation: 5, wanted: { 1: 'kill' } });
    expect([engine.calls, master.closed]).toEqual([[], undefined]);
  });
});

describe('a higher epoch', () => {
  it('is answered when all that ran has stopped', async () => {
    const { world, master, engine } = await running();
    const next = await new Caller(world).hello({ epoch: 2 });
    expect([engine.calls, master.closed]).toEqual([['stop-all'], 'the other side has ended it']);
    expect(next.heard).toEqual([]);
    engine.finish(1, 1);
    await world.pass(20);
    expect(engine.calls).toEqual(['stop-all', 'kill-all', 'close']);
    expect(next.of('hello')[0]).toMatchObject({ epoch: 2, agent: 'agent-2', running: false });
    expect(world.engine.epoch).toBe(2);
  });

  it('is answered at the end of the lease at the latest: then all is killed', async () => {
    const { world, engine } = await running();
    const next = await new Caller(world).hello({ epoch: 2 });
    await world.pass(5000);
    expect(next.answer).toBe('refused busy');
    await world.pass(LEASE_MS);
    expect(engine.calls).toEqual(['stop-all', 'kill-all']);
    engine.finish(1, 1);
    await world.pass(20);
    expect((await new Caller(world).hello({ epoch: 2 })).answer).toBe('hello');
  });

  it('shuts out the lower one for ever', async () => {
    const { world } = await running();
    await new Caller(world).hello({ epoch: 2 });
    expect((await new Caller(world).hello()).answer).toBe('refused epoch');
  });
});

describe('the lease', () => {
  it('must be given before anything starts', async () => {
    const world = new AgentWorld();
    const master = await new Caller(world).hello();
    await master.say(runOf(world), { type: 'want', generation: 1, wanted: { 1: 'run' } });
    expect(world.engine.calls).toEqual(['open']);
    await master.lend();
    await master.say(runOf(world), { type: 'want', generation: 1, wanted: { 1: 'run' } });
    expect(world.engine.calls).toEqual(['open', 'resume-all', 'start 1.1', 'limits 3', 'want 1 run']);
  });

  it('is asked for ten times in each, and its rest is passed on to the slaves', async () => {
    const world = new AgentWorld();
    const master = await new Caller(world).start();
    const first = Number(master.of('hello')[0]!.at);
    await world.pass(3100);
    expect(master.of('lease').map(({ at }) => Number(at) - first)).toEqual([1000, 2000, 3000]);
    await master.lend();
    const onTheWay = world.clock.monotonicMs() - first - 3000 - 15;
    expect(world.engine.leases).toEqual([LEASE_MS - 60, LEASE_MS - onTheWay]);
  });

  it('counts from the time echoed: an echo that was stuck renews little', async () => {
    const { world, master, engine } = await running();
    await world.pass(3000);
    const early = master.of('lease')[0]!.at;
    await master.say({ type: 'echo', at: early });
    await world.pass(2800);
    expect(engine.calls).toEqual([]);
    await world.pass(300);
    expect(engine.calls).toEqual(['stop-all']);
  });

  it('half over stops all, renewed after that starts them again', async () => {
    const { world, master, engine } = await running();
    await world.pass(LEASE_MS / 2);
    expect(engine.calls).toEqual(['stop-all']);
    await master.lend();
    expect(engine.calls).toEqual(['stop-all', 'resume-all']);
  });

  it('over kills all, and only a new hello begins again, when all is over', async () => {
    const { world, master, engine } = await running();
    await world.pass(LEASE_MS);
    expect(engine.calls).toEqual(['stop-all', 'kill-all']);
    await master.lend();
    await master.say({ type: 'want', generation: 7, wanted: { 1: 'run' } });
    expect(engine.calls).toEqual(['stop-all', 'kill-all']);
    const next = await new Caller(world).hello();
    expect(next.heard).toEqual([]);
    engine.finish(1, 1);
    await world.pass(20);
    expect(next.of('hello')[0]).toMatchObject({ agent: 'agent-1', running: true });
    expect(engine.calls).toEqual(['stop-all', 'kill-all']);
    await next.lend();
    expect(engine.calls).toEqual(['stop-all', 'kill-all', 'resume-all']);
  });

  it('over, the exits are told before the link closes', async () => {
    const { world, master, engine } = await running();
    await world.pass(LEASE_MS);
    expect(master.closed).toBeUndefined();
    engine.finish(1, 1);
    await world.pass(20);
    expect(master.of('record').at(-1)).toMatchObject({ record: { change: { published: 'process_stopped' } } });
    expect(master.closed).toBe('the other side has ended it');
  });

  it('is not given by an echo that a link before has asked for', async () => {
    const { world, master, engine } = await running();
    await world.pass(LEASE_MS);
    engine.finish(1, 1);
    const next = await new Caller(world).hello();
    await next.say({ type: 'echo', at: master.of('lease')[0]!.at });
    expect(engine.calls).not.toContain('resume-all');
  });

  it('over for another lease, the agent gives the host back and ends', async () => {
    const { world, engine } = await running();
    await world.pass(LEASE_MS);
    engine.finish(1, 1);
    await world.pass(LEASE_MS - 100);
    expect(world.idle).toBe(false);
    await world.pass(200);
    expect([world.idle, engine.calls.at(-1)]).toEqual([true, 'close']);
  });
});
