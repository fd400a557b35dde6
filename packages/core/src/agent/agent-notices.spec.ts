import { describe, expect, it } from 'vitest';
import { NO_DEMAND, queueGroup } from '../launcher/queue-fleet.spec.helper.js';
import { listProcesses } from '../testing/process-specs.js';
import { AgentWorld, FakeLink } from './agent-world.spec.helper.js';

const OLD_HELLO = {
  ...{ type: 'hello', protocol: { major: 1, minor: 0 }, version: '0.9', build: 'b', node: 'v24', place: 'p' },
  ...{ fleet: 'fleet', epoch: 1, agent: 'a', running: false, at: 1, capabilities: [] },
};

const GONE = { type: 'feeder-gone', incarnation: 3 } as const;
const tells = (world: AgentWorld): string[] => world.engine.calls.filter((call) => call.startsWith('tell'));

describe('a notice', () => {
  it('comes once, and in its order', async () => {
    const world = await AgentWorld.running();
    world.host.tell(1, 1, GONE);
    world.host.tell(2, 1, { type: 'let-go', count: 1 });
    await world.pass(100);
    expect(tells(world)).toEqual(['tell 1.1 feeder-gone', 'tell 2.1 let-go']);
  });

  it('that was under way when the link was cut comes over the next one, once', async () => {
    const world = await AgentWorld.running({ leaseMs: 60_000 });
    world.host.tell(1, 1, GONE);
    await world.pass(20);
    world.host.tell(2, 1, GONE);
    world.link.cutBoth();
    await world.pass(8000);
    expect(world.links).toHaveLength(2);
    expect(tells(world)).toEqual(['tell 1.1 feeder-gone', 'tell 2.1 feeder-gone']);
  });

  it('whose confirmation was lost comes again, and is not carried out again', async () => {
    const world = await AgentWorld.running({ leaseMs: 60_000 });
    world.link.peer.cut = true;
    world.host.tell(1, 1, GONE);
    await world.pass(8000);
    expect(world.links).toHaveLength(2);
    expect(world.link.sent.filter(({ type }) => type === 'tell')).toHaveLength(1);
    expect(tells(world)).toEqual(['tell 1.1 feeder-gone']);
  });

  it('to an agent that has died is not told to the next one', async () => {
    const world = await AgentWorld.running();
    world.link.cutBoth();
    world.host.tell(1, 1, GONE);
    world.session = world.createSession();
    world.link.end('killed');
    await world.pass(2000);
    expect(world.engines).toHaveLength(2);
    expect(tells(world)).toEqual([]);
  });
});

describe('what feeders and consumers say', () => {
  it('is a record; of demand the latest comes, and the last of a life before its end', async () => {
    const world = await AgentWorld.running();
    const { listener } = world.engine;
    const told = await world.toldIn(20, () => {
      for (const waiting of [1, 2, 3]) listener.said(1, 1, { ...NO_DEMAND, waiting });
      listener.said(1, 1, { type: 'leaving', id: 2, incarnation: 1 });
      world.engine.finish(1, 1);
    });
    expect(told).toEqual([
      '1.1 says demand',
      '1.1 says leaving',
      '1.1 says demand',
      '1.1 suspended process_stopped ended',
    ]);
  });

  it('waits for the next link, demand as well', async () => {
    const world = await AgentWorld.running({ leaseMs: 60_000 });
    world.link.cutBoth();
    world.engine.listener.said(2, 1, { type: 'drained', feeder: 1 });
    const told = await world.toldIn(8000);
    expect(told.filter((each) => each.includes('says'))).toEqual(['2.1 says drained']);
  });
});

describe('an agent of a version without queue groups', () => {
  it('is not connected for a queue group, and the log says why', async () => {
    const world = new AgentWorld();
    const specs = listProcesses([queueGroup()]);
    const connect = (): Promise<FakeLink> => {
      const [master, agent] = FakeLink.pair(world.clock);
      agent.listen({ message: () => agent.send(OLD_HELLO), drained() {}, closed() {} });
      return Promise.resolve(master);
    };
    const host = world.createHost({ specs, connect });
    const told = await world.toldIn(100, () => host.run());
    expect(told[0]).toMatch(
      /: version 0\.9 of the package there knows no queue groups, and group Queue has a part there/,
    );
  });
});
