import { describe, expect, it } from 'vitest';
import { parseMasterMessage } from '../../agent-channel/master-message.js';
import { AgentWorld } from '../agent-world.spec.helper.js';

const ORIGIN = { display: 'listener' };
const runOf = ({ link }: AgentWorld): object => link.sent.find(({ type }) => type === 'run')!;

describe('hostEvents of a master', () => {
  it('is told to its agents with what there is to run', async () => {
    expect(runOf(await AgentWorld.running({ hostEvents: true }))).toMatchObject({ hostEvents: true });
    expect(runOf(await AgentWorld.running())).not.toHaveProperty('hostEvents');
  });

  it('is yes or no', async () => {
    const run = runOf(await AgentWorld.running());
    expect(parseMasterMessage({ ...run, hostEvents: true })).toBeDefined();
    expect(parseMasterMessage({ ...run, hostEvents: 'yes' })).toBeUndefined();
  });

  it('lets the output of the listener reach the master, also over a cut', async () => {
    const world = await AgentWorld.running({ hostEvents: true, leaseMs: 60_000 });
    const { sink } = world.engine.listener;
    expect(await world.toldIn(20, () => sink.writeLines(ORIGIN, 'warn', 'hello\n'))).toEqual(['0 warn: hello']);
    world.link.cutBoth();
    sink.writeLines(ORIGIN, 'log', 'meanwhile\n');
    expect(await world.toldIn(8000)).toContain('0 log: meanwhile');
  });

  it('lets a listener say its last words before the link is closed', async () => {
    const world = await AgentWorld.running({ hostEvents: true });
    const heard = Promise.withResolvers<void>();
    Object.assign(world.engine, { farewell: () => heard.promise });
    void world.host.close();
    await world.pass(100);
    world.engine.finish(1, 1);
    await world.pass(1000);
    expect(world.link.open).toBe(true);
    const { sink } = world.engine.listener;
    expect(await world.toldIn(100, () => sink.writeLines(ORIGIN, 'log', 'all has ended\n'))).toEqual([
      '0 log: all has ended',
    ]);
    heard.resolve();
    await world.pass(100);
    expect(world.link.open).toBe(false);
    expect(world.idle).toBe(true);
  });

  it('does not let a listener that hangs keep the master', async () => {
    const world = await AgentWorld.running({ hostEvents: true });
    Object.assign(world.engine, { farewell: () => new Promise(() => {}) });
    let closed = false;
    void world.host.close().then(() => (closed = true));
    world.engine.finish(1, 1);
    await world.pass(5100);
    expect(closed).toBe(true);
  });
});
