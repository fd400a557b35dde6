import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { it } from 'vitest';
import type { Answers, ConsumerMessage, IdRanges } from '../protocol/feed-message.js';
import { expand, toRanges } from '../protocol/id-ranges.js';
import { ConsumerWorld } from './played-feeder.spec.helper.js';

/** What happens to a consumer, in any order. Numbers choose among what there is. */
const step = fc.oneof(
  fc.record({ do: fc.constant('send' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('settle' as const), which: fc.nat(20), fails: fc.boolean() }),
  fc.record({ do: fc.constant('confirm' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constantFrom('cut' as const, 'recall' as const, 'unstick' as const, 'stick' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 500 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The feeder's view of everything that it has sent to one consumer. */
class Ledger {
  #next = 1;
  /** Not answered. */
  readonly held = new Set<number>();
  readonly begun = new Set<number>();
  readonly outcomes = new Map<number, 'done' | 'failed' | 'back'>();
  readonly unconfirmed = new Set<number>();
  #read = 0;

  constructor(readonly world: ConsumerWorld) {}

  send(count: number): void {
    const first = this.#next;
    this.#next += count;
    for (let id = first; id < this.#next; id++) this.held.add(id);
    this.world.link.items(
      first,
      Array.from({ length: count }, (_, index) => first + index),
    );
  }

  confirm(which: number): void {
    const ids = [...this.unconfirmed];
    const id = ids[which % ids.length];
    if (id === undefined) return;
    this.unconfirmed.delete(id);
    this.world.link.say({ type: 'confirm', ids: [[id, id]] });
  }

  read(): void {
    const { heard } = this.world.link;
    for (; this.#read < heard.length; this.#read++) this.#hear(heard[this.#read]!);
  }

  /** Another connection; what was stuck in the one before is lost. */
  newLink(): void {
    this.#read = 0;
  }

  #hear(message: ConsumerMessage): void {
    if (message.type === 'begun') for (const id of expand(message.ids)) this.begun.add(id);
    if (message.type === 'answers') this.#record(message);
    if (message.type !== 'hello') return;
    const { holds, begun, answers } = message;
    this.#record(answers);
    // It forgets nothing, it makes nothing up, and what it has not begun may be announced again.
    assert.deepEqual(
      expand(holds),
      [...this.held].toSorted((a, b) => a - b),
    );
    assert.deepEqual(listed(answers), toRanges(this.unconfirmed));
    this.begun.clear();
    for (const id of expand(begun)) this.begun.add(id);
  }

  #record({ done, failed, back }: Answers): void {
    for (const id of expand(done)) this.#outcome(id, 'done');
    for (const [id] of failed) this.#outcome(id, 'failed');
    for (const id of expand(back)) this.#outcome(id, 'back');
  }

  #outcome(id: number, outcome: 'done' | 'failed' | 'back'): void {
    assert.equal(this.outcomes.get(id) ?? outcome, outcome);
    this.outcomes.set(id, outcome);
    this.unconfirmed.add(id);
    this.held.delete(id);
  }
}

function listed({ done, failed, back }: Answers): IdRanges {
  return toRanges([...expand(done), ...failed.map(([id]) => id), ...expand(back)]);
}

async function run(concurrency: number, steps: readonly Step[]): Promise<void> {
  const world = await ConsumerWorld.connected({ concurrency });
  const ledger = new Ledger(world);
  const settled = new Set<string>();
  const open = () => world.open.filter(({ context }) => !settled.has(context.id));
  const settle = (which: number, fails: boolean): void => {
    const items = open();
    const item = items[which % items.length];
    if (item === undefined) return;
    settled.add(item.context.id);
    if (fails) item.fail(new Error('no'));
    else item.done();
  };
  const reconnect = async (): Promise<void> => {
    world.link.cut();
    ledger.newLink();
    await world.pass(3000);
    ledger.read();
    await world.welcome('life-1');
  };
  const take: { [D in Step['do']]: (each: Extract<Step, { do: D }>) => unknown } = {
    send: ({ count }) => ledger.send(count),
    settle: ({ which, fails }) => settle(which, fails),
    confirm: ({ which }) => ledger.confirm(which),
    cut: reconnect,
    recall: () => world.link.say({ type: 'recall' }),
    stick: () => (world.link.stuck = true),
    unstick: () => world.link.unstick(),
    pass: ({ ms }) => {
      world.link.say({ type: 'ping' });
      return world.pass(ms);
    },
  };
  for (const each of steps) {
    await (take[each.do] as (step: Step) => unknown)(each);
    await turn();
    ledger.read();
    check(world, ledger);
  }
  await reconnect();
  for (let i = 0; i < 300 && ledger.held.size > 0; i++) {
    settle(0, false);
    await world.pass(0);
    ledger.read();
    check(world, ledger);
  }
  assert.equal(ledger.held.size, 0);
  while (ledger.unconfirmed.size > 0) ledger.confirm(0);
  await reconnect();
  assert.equal(ledger.unconfirmed.size, 0);
}

/** Each item is begun once, never before its feeder knew, and never when it was given back. */
function check({ open, link }: ConsumerWorld, { begun, outcomes }: Ledger): void {
  const ids = open.map(({ context }) => Number(context.id));
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) {
    assert.notEqual(outcomes.get(id), 'back');
    if (!link.stuck) assert.equal(begun.has(id) || outcomes.has(id), true);
  }
}

it('whatever the order of cuts, answers, recalls and confirmations: each item is answered once, none is forgotten', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 40 }), run), {
    numRuns: 150,
  });
}, 60_000);
