import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReloadResult } from '../control/fleet-control.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import { Attempt, startFleet, told } from './change-runner.spec.helper.js';
import type { FakeFleet } from './fake-fleet.spec.helper.js';

const times = { startTimeout: 10, stopTimeout: 5 };

/** One thing that happens to some process. */
type Move = readonly ['ready' | 'exit' | 'fail' | 'end' | 'due' | 'wait' | 'cut' | 'stop' | 'suspend', number];

/** Mostly what brings a reload on. */
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom('ready' as const) },
      { weight: 30, arbitrary: fc.constantFrom('exit' as const) },
      { weight: 4, arbitrary: fc.constantFrom('fail', 'end', 'due', 'wait') },
      { weight: 1, arbitrary: fc.constantFrom('cut', 'stop', 'suspend') },
    ),
    fc.nat(),
  ),
  { maxLength: 150 },
);
const reload = fc.record({ batch: fc.integer({ min: 1, max: 3 }), pause: fc.constantFrom(0, 2) });
const count = fc.integer({ min: 1, max: 6 });

function move(fleet: FakeFleet, [what, which]: Move, stop: () => void): void {
  const ids = [...fleet.records.values()].filter(({ state }) => isPlayable(what, state)).map(({ spec }) => spec.id);
  const id = ids[which % Math.max(1, ids.length)];
  if (what === 'wait') fleet.clock.advance(which % 30_000);
  else if (what === 'stop') stop();
  else if (id === undefined) return;
  else if (what === 'ready') fleet.ready(id);
  else if (what === 'due') fleet.due(id);
  else if (what === 'cut') fleet.cut(id);
  else if (what === 'suspend') fleet.suspend(fleet.records.get(id)!.spec.config.name);
  else fleet.exit(id, what === 'fail' ? 'failed' : what === 'end' ? 'stopped' : 'backoff');
}

/** `exit` ends what was asked to; the rest happens to anybody. */
function isPlayable(what: Move[0], state: string): boolean {
  return what !== 'exit' || state === 'stopping';
}

/** However it went, it comes to its end when nothing more happens. */
async function settle(fleet: FakeFleet, attempt: Attempt<ReloadResult>): Promise<void> {
  for (let rest = 0; rest < 200 && attempt.isPending; rest++) {
    fleet.clock.advance(25_000);
    await told();
  }
  expect(attempt.error).toBeUndefined();
  expect(attempt.isPending).toBe(false);
  expect(fleet.clock.waiting).toBe(0);
}

async function play(
  group: AnyGroupOptions,
  schedule: readonly Move[],
  check: (fleet: FakeFleet) => void,
): Promise<{ fleet: FakeFleet; attempt: Attempt<ReloadResult> }> {
  const { fleet, runner } = startFleet(group);
  fleet.settled = () => {
    check(fleet);
    runner.settled();
    check(fleet);
  };
  const attempt = new Attempt(runner.reload());
  for (const each of schedule) move(fleet, each, () => runner.stop());
  await settle(fleet, attempt);
  return { fleet, attempt };
}

it('stop-first: no more than a batch is away because of us, and each is replaced once', async () => {
  await fc.assert(
    fc.asyncProperty(count, reload, moves, async (instancesCount, options, schedule) => {
      const group = { name: 'Group', command: 'work', ...times, reload: options, local: { instancesCount } };
      const asked = new Set<string>();
      let mostAway = 0;
      const { fleet, attempt } = await play(group, schedule, ({ records }) => {
        const away = [...records.values()].filter(({ state }) => state === 'stopping').length;
        mostAway = Math.max(mostAway, away);
      });
      // A group that is suspended stops as a whole, which is not the reload's doing.
      expect(mostAway <= options.batch || fleet.isSuspended('Group')).toBe(true);
      for (const line of fleet.asked) {
        for (const id of line.split(' ')[1]!.split(',')) {
          expect(asked.has(id)).toBe(false);
          asked.add(id);
        }
      }
      expect(attempt.result!.replaced).toBeLessThanOrEqual(asked.size);
      expect(fleet.retired.size).toBe(0);
    }),
    { numRuns: 300 },
  );
});

it('start-first: an old consumer goes only when its successor runs, or has done its work', async () => {
  await fc.assert(
    fc.asyncProperty(count, reload, moves, async (instancesCount, options, schedule) => {
      const group: AnyGroupOptions = {
        name: 'Queue',
        command: 'queue',
        ...times,
        reload: options,
        consumers: { local: { instancesCount } },
      };
      const ran = new Set<number>();
      const { fleet, attempt } = await play(group, schedule, ({ records }) => {
        for (const { spec, state } of records.values()) {
          if (state === 'running' || state === 'stopped') ran.add(spec.id);
        }
      });
      const asked = fleet.asked
        .filter((line) => line.startsWith('retire'))
        .flatMap((line) => line.slice(7).split(',').map(Number));
      expect(new Set(asked).size).toBe(asked.length);
      const old = asked.filter((id) => id <= instancesCount + 1);
      const dropped = asked.filter((id) => id > instancesCount + 1);
      const running = [...ran].filter((id) => id > instancesCount + 1);
      // Each that was retired has its own successor, and that one is needed: it is not dropped as well.
      expect(old.length).toBeLessThanOrEqual(running.length);
      expect(old).not.toContain(1);
      expect(dropped.length).toBeLessThanOrEqual(options.batch);
      expect(attempt.result!.replaced).toBeLessThanOrEqual(old.length + instancesCount + 1);
    }),
    { numRuns: 300 },
  );
});

it('start-first: with successors that come up there are never fewer running consumers than before', async () => {
  await fc.assert(
    fc.asyncProperty(
      count,
      reload,
      fc.array(fc.nat(), { maxLength: 100 }),
      async (instancesCount, options, choices) => {
        const consumers = { local: { instancesCount } };
        const group: AnyGroupOptions = { name: 'Queue', command: 'queue', ...times, reload: options, consumers };
        let fewest = Infinity;
        const schedule = choices.map((which): Move => [which % 2 === 0 ? 'ready' : 'exit', which >> 1]);
        await play(group, schedule, ({ records }) => {
          const all = [...records.values()].filter(({ spec }) => spec.queue?.role === 'consumer');
          fewest = Math.min(fewest, all.filter(({ state }) => state === 'running').length);
        });
        expect(fewest === Infinity ? instancesCount : fewest).toBeGreaterThanOrEqual(instancesCount);
      },
    ),
    { numRuns: 200 },
  );
});
