import { describe, expect, it } from 'vitest';
import { runMessage } from '../agent-channel/master-message.js';
import { group, listProcesses } from '../testing/process-specs.js';
import { Caller, runOf, running } from './agent-caller.spec.helper.js';
import { LEASE_MS } from './agent-world.spec.helper.js';

const SPECS = listProcesses([group({ local: { instancesCount: 3 } })]);

/** A `run` of the processes with these ids. */
function runs(...ids: readonly number[]): object {
  const specs = SPECS.filter(({ id }) => ids.includes(id));
  return runMessage(
    specs.map((spec) => ({ spec, firstIncarnation: 7 })),
    { maxProcessTimeout: 3 },
  );
}

function wants(generation: number, wanted: object, rest: object = {}): object {
  return { type: 'want', generation, wanted, ...rest };
}

describe('a run that is said again', () => {
  it('changes nothing when it names the same', async () => {
    const { world, master, engine } = await running();
    await master.say(runOf(world));
    expect(engine.calls).toEqual([]);
  });

  it('adds what is new, which starts when it is wanted', async () => {
    const { master, engine } = await running();
    await master.say(runs(1, 2, 3), wants(2, { 1: 'run', 3: 'run' }));
    expect(engine.calls).toEqual(['add 2.7 3.7', 'want 1 run', 'want 3 run']);
  });

  it('retires what it does not name any more, once', async () => {
    const { master, engine } = await running();
    await master.say(runs(1, 2), runs(2), runs(2));
    expect(engine.calls).toEqual(['add 2.7', 'retire 1']);
  });

  it('is listened to on each link, also without the lease: it begins nothing', async () => {
    const { world, engine } = await running();
    await world.pass(LEASE_MS);
    engine.finish(1, 1);
    const next = await new Caller(world).hello();
    engine.calls.length = 0;
    await next.say(runs(2), wants(5, { 2: 'run' }));
    expect(engine.calls).toEqual(['add 2.7', 'retire 1']);
    await next.lend();
    expect(engine.calls).toEqual(['add 2.7', 'retire 1', 'resume-all', 'want 2 run']);
  });

  it('logs of what was forgotten bear no id', async () => {
    const { world, master, engine } = await running();
    const { origin } = SPECS[1]!;
    await master.say(runs(1, 2), runs(1));
    engine.listener.sink.write(origin, 'log', 'before');
    engine.listener.forgotten({ display: origin.display } as Parameters<typeof engine.listener.forgotten>[0]);
    engine.listener.sink.write(origin, 'log', 'after');
    await world.pass(20);
    const records = master.of('record').map(({ record }) => record as { id?: number; message?: string });
    expect(records.slice(-2).map(({ id, message }) => `${id ?? 'none'} ${message}`)).toEqual([
      '2 before',
      'none after',
    ]);
  });
});

describe('what is wanted of a fenced agent', () => {
  it('is to stop before the lease is given, and to run after it', async () => {
    const { world, engine } = await running();
    await world.pass(LEASE_MS);
    engine.finish(1, 1);
    const next = await new Caller(world).hello();
    engine.calls.length = 0;
    await next.say(runs(1, 2), wants(5, { 1: 'stop', 2: 'run' }, { cleared: { 2: 3 } }));
    expect(engine.calls).toEqual(['add 2.7', 'want 1 stop']);
    await next.lend();
    expect(engine.calls.slice(2)).toEqual(['resume-all', 'clear 2.3', 'want 1 stop', 'want 2 run']);
  });

  it('is forgotten with the link', async () => {
    const { world, engine } = await running();
    await world.pass(LEASE_MS);
    engine.finish(1, 1);
    const next = await new Caller(world).hello();
    await next.say(wants(5, { 1: 'run' }));
    const third = await new Caller(world).hello();
    engine.calls.length = 0;
    await third.lend();
    expect(engine.calls).toEqual(['resume-all']);
  });
});

describe('what is over', () => {
  it('starts again once for each time that it is asked for', async () => {
    const { master, engine } = await running();
    const again = { again: { 1: 2 } };
    await master.say(
      wants(2, { 1: 'run' }, again),
      wants(3, { 1: 'run' }, again),
      wants(4, { 1: 'run' }, { again: { 1: 4 } }),
    );
    expect(engine.calls).toEqual(['want 1 run again', 'want 1 run', 'want 1 run again']);
  });

  it('is told with the generation of what was carried out by then', async () => {
    const { world, master, engine } = await running();
    await master.say(wants(7, { 1: 'stop' }));
    engine.finish(1, 1);
    await world.pass(20);
    expect(master.of('record').at(-1)).toMatchObject({ record: { type: 'change', generation: 7 } });
  });
});
