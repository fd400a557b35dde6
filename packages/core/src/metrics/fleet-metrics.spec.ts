import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ManagedProcess } from '../process/managed-process.js';
import { FleetMetrics } from './fleet-metrics.js';
import { HANDLING_TIME, METRICS, PREFIX } from './metric-definitions.js';
import type { MetricsSource } from './metrics-source.js';
import { HANDLING_BUCKETS, type HandlingTimes, type ProcessMeasure } from './process-measure.js';

const QUEUE = {
  group: 'Mail "out"',
  waiting: 7,
  held: 2,
  done: 40,
  failed: 1,
  consumers: 3,
  rate: 2.5,
  timeToClear: undefined,
};

function processOf(id: number, group: string, state: ManagedProcess['state'] = 'running'): ManagedProcess {
  const display = `work/${id}/${id}`;
  const place = { group, host: 'localhost', command: 'work', display };
  return { id, groupId: id, groupCount: 9, ...place, state, pid: 100 + id, incarnation: 1, lastSeen: undefined };
}

function sourceOf(source: Partial<MetricsSource> = {}): MetricsSource {
  return {
    name: 'shop',
    version: '1.2.3',
    startedAt: new Date(1_700_000_000_000),
    groups: ['Crons', 'Mail "out"'],
    processes: [processOf(1, 'Crons'), processOf(2, 'Crons', 'backoff'), processOf(3, 'Mail "out"')],
    queues: [QUEUE],
    own: { rss: 64, cpu: 0.25, loopLag: 0.004 },
    history: (group) => ({
      restarts: group === 'Crons' ? 5 : 0,
      timeouts: 2,
      exits: new Map([['memory-limit', 3] as const]),
    }),
    measureOf: (id): ProcessMeasure | undefined => (id === 1 ? { rss: 10, cpu: 0.5, lag: 12 } : { rss: 20.5 }),
    ...source,
  };
}

function timesOf(counts: Readonly<Record<number, number>>, sum: number): HandlingTimes {
  return { counts: [...HANDLING_BUCKETS, Infinity].map((bound) => counts[bound] ?? 0), sum };
}

/** Lines of a page by their name and labels. */
async function read(metrics: FleetMetrics): Promise<Record<string, number>> {
  const { text } = await metrics.render();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(PREFIX.length, end), Number(line.slice(end + 1))];
    }),
  );
}

it('a page tells of groups, processes, items and the master, in the units of Prometheus', async () => {
  const metrics = new FleetMetrics(sourceOf());
  const page = await read(metrics);
  expect(page).toMatchObject({
    [`info{fleet="shop",version="1.2.3",node="${process.versions.node}"}`]: 1,
    start_time_seconds: 1_700_000_000,
    'processes{group="Crons",state="running"}': 1,
    'processes{group="Crons",state="backoff"}': 1,
    'processes{group="Crons",state="failed"}': 0,
    'process_restarts_total{group="Crons"}': 5,
    'process_timeouts_total{group="Mail \\"out\\""}': 2,
    'process_exits_total{group="Crons",reason="memory-limit"}': 3,
    'items_total{group="Mail \\"out\\"",outcome="done"}': 40,
    'items_total{group="Mail \\"out\\"",outcome="failed"}': 1,
    'items_total{group="Mail \\"out\\"",outcome="released"}': 0,
    'items_waiting{group="Mail \\"out\\""}': 7,
    'items_held{group="Mail \\"out\\""}': 2,
    'items_per_second{group="Mail \\"out\\""}': 2.5,
    'consumers_connected{group="Mail \\"out\\""}': 3,
    'group_resident_memory_bytes{group="Crons"}': 30.5 * 1_048_576,
    'group_event_loop_lag_seconds{group="Crons"}': 0.012,
    'process_resident_memory_bytes{group="Crons",process="1"}': 10 * 1_048_576,
    'process_cpu_ratio{group="Crons",process="1"}': 0.5,
    'process_event_loop_lag_seconds{group="Crons",process="1"}': 0.012,
    master_resident_memory_bytes: 64 * 1_048_576,
    master_cpu_ratio: 0.25,
    master_event_loop_lag_seconds: 0.004,
    processes_without_series: 0,
  });
  expect(page).not.toHaveProperty('items_waiting{group="Crons"}');
  expect(page).not.toHaveProperty('process_cpu_ratio{group="Crons",process="2"}');
  expect((await metrics.render()).contentType).toContain('text/plain; version=0.0.4');
});

it('what consumers have done is added up over their lives, and never falls', async () => {
  const metrics = new FleetMetrics(sourceOf());
  const mail = { id: 3, group: 'Mail "out"' };
  const items = { busy: 0, done: 3, failed: 0 };
  metrics.measured(mail, 1, { items: { ...items, released: 2 }, times: timesOf({ 0.001: 2, 5: 1 }, 4) });
  metrics.measured(mail, 1, { items: { ...items, released: 3 }, times: timesOf({ 0.001: 4, 5: 1 }, 4.5) });
  metrics.measured(mail, 2, { items: { ...items, released: 1 }, times: timesOf({ Infinity: 1 }, 400) });
  metrics.measured(mail, 1, { items: { ...items, released: 50 }, times: timesOf({ 0.001: 100 }, 9) });
  metrics.measured(mail, 2, { items: { ...items, released: 0 }, times: timesOf({}, 0) });
  expect(await read(metrics)).toMatchObject({
    'items_total{group="Mail \\"out\\"",outcome="released"}': 4,
    'item_handling_seconds_bucket{group="Mail \\"out\\"",le="0.001"}': 4,
    'item_handling_seconds_bucket{group="Mail \\"out\\"",le="1"}': 4,
    'item_handling_seconds_bucket{group="Mail \\"out\\"",le="5"}': 5,
    'item_handling_seconds_bucket{group="Mail \\"out\\"",le="300"}': 5,
    'item_handling_seconds_bucket{group="Mail \\"out\\"",le="+Inf"}': 6,
    'item_handling_seconds_sum{group="Mail \\"out\\""}': 404.5,
    'item_handling_seconds_count{group="Mail \\"out\\""}': 6,
  });
});

it('of consumers that come and go nothing is lost', async () => {
  const metrics = new FleetMetrics(sourceOf());
  for (let id = 10; id < 2000; id++) {
    metrics.measured({ id, group: 'Mail "out"' }, 1, { times: timesOf({ 0.001: 1 }, 0.001) });
  }
  expect((await read(metrics))['item_handling_seconds_count{group="Mail \\"out\\""}']).toBe(1990);
});

it('changes are counted by their result', async () => {
  const metrics = new FleetMetrics(sourceOf());
  metrics.changed('reload', true);
  metrics.changed('reload', true);
  metrics.changed('scale', false);
  expect(await read(metrics)).toMatchObject({
    'changes_total{change="reload",result="completed"}': 2,
    'changes_total{change="scale",result="failed"}': 1,
  });
});

it('several ask at once, and each gets a whole page', async () => {
  const metrics = new FleetMetrics(sourceOf());
  const [one, ...others] = await Promise.all([metrics.render(), metrics.render(), metrics.render()]);
  for (const other of others) expect(other).toEqual(one);
  expect(one.text).toContain('processes{group="Crons",state="running"} 1');
});

it('of 20,000 processes the first 1,000 have series of their own, their groups count all', async () => {
  const processes = Array.from({ length: 20_000 }, (_, index) => processOf(index + 1, 'Crons'));
  const metrics = new FleetMetrics(sourceOf({ processes }));
  await metrics.render();
  const started = performance.now();
  const page = await read(metrics);
  expect(performance.now() - started).toBeLessThan(1000);
  expect(page['processes{group="Crons",state="running"}']).toBe(20_000);
  expect(page['process_resident_memory_bytes{group="Crons",process="1000"}']).toBeDefined();
  expect(page['process_resident_memory_bytes{group="Crons",process="1001"}']).toBeUndefined();
  expect(page.processes_without_series).toBe(19_000);
});

it('docs/metrics.md lists exactly what is exported, with its type and labels', () => {
  const file = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const listed = [...file.matchAll(/^\| `(distributed_architecture_\w+)` *\| (\w+) *\| (.*?) *\|/gmu)];
  const exported = [...METRICS, { ...HANDLING_TIME, type: 'histogram' }];
  const rows = exported.map(({ name, type, labels }) => {
    return `${PREFIX}${name} ${type} ${labels.map((label) => `\`${label}\``).join(', ')}`;
  });
  expect(listed.map(([, ...row]) => row.join(' ')).toSorted()).toEqual(rows.toSorted());
});
