import { duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseAgentMessage } from '../agent-channel/agent-message.js';
import { parseMasterMessage } from '../agent-channel/master-message.js';
import { StreamLink } from '../agent-channel/stream-link.js';
import { FakeHost } from '../testing/fake-host.js';
import { randomFrom } from '../testing/random.js';
import { Caller, runOf } from './agent-caller.spec.helper.js';
import { AgentSession } from './agent-session.js';
import { AgentWorld, LEASE_MS, settle } from './agent-world.spec.helper.js';
import { LauncherAgentEngine } from './launcher-agent-engine.js';

// What the other side says is mutated with a fixed seed: nothing may be thrown, and the next who speaks well is served.

const SEED = 20_261_121;
const MESSAGES = 3000;
const EACH = 12;
const ROUNDS = MESSAGES / EACH;
const PROTOCOL = { major: 1, minor: 0 };
const HELLO = { type: 'hello', protocol: PROTOCOL, fleet: 'fleet', epoch: 1, leaseMs: LEASE_MS };

/** What stands in for any value; as text, since an object cannot be written with a key `__proto__`. */
const VALUES = [
  ...['null', 'true', '-1', '0', '0.5', '1e308', '9007199254740991', '9007199254740993', '""', '"x"', '"\\u0000"'],
  ...[
    '"\\ud800"',
    '"__proto__"',
    '[]',
    '{}',
    '[[[]]]',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
  ],
  ...['{"length":1e9}', '{"toString":1}', '{"-1":"run"}', '{"1e400":"run","x":"kill"}', '{"99":"run"}'],
];

class Mutator {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)]!;
  }

  /** Some have to be as they should, or the others get nowhere. */
  maybe(message: unknown): unknown {
    return this.#random() < 0.5 ? message : this.mutate(message);
  }

  /** A message with one of its values, at any depth, changed, dropped or renamed. */
  mutate(message: unknown): unknown {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    const places = placesIn(copy);
    const { holder, key } = this.pick(places);
    const action = this.#random();
    if (action < 0.7) holder[key] = JSON.parse(this.pick(VALUES));
    else if (action < 0.85) delete holder[key];
    else holder[this.pick(['__proto__', 'toString', '0', 'type'])] = holder[key];
    return JSON.parse(JSON.stringify(copy));
  }
}

function placesIn(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function agentWith(clock: AgentWorld['clock'], hosts: FakeHost[]): AgentSession {
  let ids = 0;
  return new AgentSession({
    identity: { version: '1', build: 'b', node: 'v24', place: 'p' },
    createEngine: ({ epoch }, listener) => {
      const host = new FakeHost();
      hosts.push(host);
      return new LauncherAgentEngine({ host, epoch, clock, random: () => 0.5, listener });
    },
    clock,
    createId: () => `agent-${++ids}`,
    measure: () => ({ load: 0, rss: 1 }),
    onIdle: () => {},
  });
}

describe('an agent', () => {
  it('survives a master that says anything, and serves the next one', async () => {
    const mutator = new Mutator(SEED);
    const world = new AgentWorld();
    const hosts: FakeHost[] = [];
    world.session = agentWith(world.clock, hosts);
    const hello = { ...HELLO, version: '1', capabilities: ['x'] };
    const said = [
      hello,
      runOf(world),
      { type: 'want', generation: 1, wanted: { 1: 'run' } },
      { type: 'want', generation: 2, wanted: { 1: 'stop', 2: 'kill' } },
      { type: 'confirm', sequence: 0 },
      { type: 'echo', at: 5 },
      { type: 'bye' },
    ];
    for (let round = 0; round < ROUNDS; round++) {
      world.session = agentWith(world.clock, hosts);
      const master = await (await new Caller(world).hello()).say({ type: 'confirm', sequence: 0 });
      await master.lend();
      for (let count = 0; count < EACH; count++) {
        // A lease of no time at all would ask for itself without end.
        const message = mutator.maybe(mutator.pick(said)) as { leaseMs?: number };
        if (message.leaseMs !== 0.5) await master.say(message);
      }
    }
    expect(hosts.filter(({ started }) => started.length > 0).length).toBeGreaterThan(ROUNDS / 20);
    expect(Object.prototype).not.toHaveProperty('polluted');
    world.session = agentWith(world.clock, hosts);
    const good = await new Caller(world).start();
    expect([good.answer, hosts.at(-1)!.started.length]).toEqual(['hello', 1]);
  });
});

describe('a master', () => {
  it('survives an agent that says anything; all that it is told is of its own processes', async () => {
    const mutator = new Mutator(SEED + 1);
    const exit = { code: 0, signal: null, reason: 'ended', forced: false, lastLines: ['a'], rss: 30 };
    const change = { id: 1, state: 'stopped', pid: 5, incarnation: 2, published: 'process_stopped', exit };
    let sequence = 1;
    const said = (): object[] => [
      { type: 'record', sequence: sequence++, record: { type: 'change', change } },
      {
        type: 'record',
        sequence: sequence++,
        record: { type: 'change', change: { id: 2, state: 'running', incarnation: 3, published: 'process_started' } },
      },
      { type: 'record', sequence: sequence++, record: { type: 'lines', id: 1, level: 'log', lines: 'x\n' } },
      { type: 'record', sequence: sequence - 2, record: { type: 'log', level: 'warn', message: 'x', context: 'c' } },
      {
        type: 'summary',
        load: 1,
        rss: 2,
        seen: [
          [1, 5, 6],
          [2, 0],
        ],
      },
      { type: 'lease', at: 7 },
      {
        ...HELLO,
        version: '1',
        build: 'b',
        node: 'v',
        place: 'p',
        agent: 'a',
        running: false,
        at: 1,
        capabilities: [],
      },
      { type: 'refused', reason: 'busy', message: 'm' },
    ];
    const world = await AgentWorld.running();
    for (let count = 0; count < MESSAGES; count++) {
      world.link.hear(mutator.mutate(mutator.pick(said())));
      await settle();
      if (count % 50 === 0) await world.pass(50);
    }
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(world.told.filter((each) => !/^([12]\b|host|summary|cut|lost|back)/.test(each))).toEqual([]);
    // Starts and exits still take turns.
    for (const id of [1, 2]) {
      const events = world.told.filter((each) => each.startsWith(`${id}.`) && /process_(started|stopped)/.test(each));
      const open = events.map((each) => (each.includes('process_started') ? 1 : -1));
      let live = 0;
      for (const step of open) expect((live = Math.max(0, live + step))).toBeLessThanOrEqual(1);
    }
  });
});

it('a master survives what is nested too deeply to be written again', async () => {
  const world = await AgentWorld.running();
  world.link.hear(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)));
  expect(world.told.at(-1)).toContain('nested too deeply');
});

describe('bytes', () => {
  it('of any kind come out as lines that are no message, in bounded pieces', async () => {
    const random = randomFrom(SEED + 2);
    const [ours, theirs] = duplexPair();
    const link = new StreamLink(ours);
    let heard = 0;
    let understood = 0;
    link.listen({
      message: (value) => {
        heard++;
        if (parseAgentMessage(value) ?? parseMasterMessage(value)) understood++;
      },
      drained: () => {},
      closed: () => {},
    });
    const send = async (bytes: Buffer): Promise<void> => {
      theirs.write(bytes);
      await turn();
    };
    for (let count = 0; count < 500; count++)
      await send(Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    await send(Buffer.from(`\n${'['.repeat(100_000)}${']'.repeat(100_000)}\n${'{"type":'.repeat(50_000)}\n`));
    await send(Buffer.alloc(17 * 1_048_576, 'x'));
    await send(Buffer.from('\n{"__proto__":{"type":"bye"}}\n{"type":"bye"}\n'));
    await expect.poll(() => understood).toBe(1);
    expect(heard).toBeGreaterThan(100);
    link.close();
  });
});
