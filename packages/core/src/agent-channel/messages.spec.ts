import { describe, expect, it } from 'vitest';
import { group, listProcesses } from '../testing/process-specs.js';
import { NO_DEMAND } from '../launcher/queue-fleet.spec.helper.js';
import { parseAgentMessage } from './agent-message.js';
import { parseMasterMessage, runMessage, specsOf, type RunMessage } from './master-message.js';

const PROTOCOL = { major: 1, minor: 0 };
const HELLO = {
  type: 'hello',
  protocol: PROTOCOL,
  fleet: 'f',
  epoch: 1,
  leaseMs: 30_000,
  version: '1',
  capabilities: [],
};
const AGENT_HELLO = {
  ...{ type: 'hello', protocol: PROTOCOL, version: '1', build: 'b', node: '24', place: 'p', fleet: 'f', epoch: 1 },
  ...{ agent: 'a', running: false, at: 1.5, capabilities: ['x'] },
};
const EXIT = { code: 0, signal: null, reason: 'ended', forced: false, lastLines: ['a'], rss: 30 };
const CHANGE = { id: 1, state: 'stopped', incarnation: 2, published: 'process_stopped', exit: EXIT };

const run = (): RunMessage => {
  const specs = listProcesses([group({ local: { instancesCount: 2 } }), group({ name: 'Other' })]);
  const limits = { maxProcessTimeout: 3 };
  return runMessage(
    specs.map((spec, index) => ({ spec, firstIncarnation: index + 1 })),
    limits,
  );
};

const TELL = { type: 'tell', sequence: 1, id: 2, incarnation: 1 } as const;
const KEY = Buffer.alloc(32, 7).toString('base64');

/** A feeder, and consumers on demand. */
const queueRun = (): RunMessage => {
  const specs = listProcesses([{ name: 'Queue', command: 'work', consumers: { local: { maxInstances: 2 } } }]);
  const told = specs.map((spec) => ({ spec, firstIncarnation: 1 }));
  return runMessage(told, { maxProcessTimeout: 3 }, () => KEY);
};

/** As it comes out of the other end. */
function sent<T>(message: T): T {
  return JSON.parse(JSON.stringify(message)) as T;
}

function changed(value: object, path: string, change: unknown): unknown {
  const copy = sent(value) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const target = keys.reduce((each, key) => each[key] as Record<string, unknown>, copy);
  target[last] = change;
  return copy;
}

describe('messages of a master', () => {
  it.each([
    HELLO,
    { type: 'want', generation: 3, wanted: { 1: 'run', 2: 'stop', 3: 'kill' } },
    { type: 'echo', at: 12.25 },
    { type: 'confirm', sequence: 0 },
    { type: 'bye' },
    { type: 'want', generation: 3, wanted: {}, cleared: { 1: 7 } },
    { ...TELL, notice: { type: 'feeder-ready', feeder: 1, incarnation: 2 } },
    { ...TELL, notice: { type: 'feeder-ready', feeder: 1, incarnation: 2, address: { host: 'h', port: 9999 } } },
    { ...TELL, notice: { type: 'feeder-gone', incarnation: 2 } },
    { ...TELL, notice: { type: 'consumer-gone', id: 2, incarnation: 2 } },
    { ...TELL, notice: { type: 'let-go', count: 1, among: [4, 5] } },
    { ...TELL, notice: { type: 'item-timeout', reason: 'x' } },
  ])('%j is one', (message) => {
    expect(parseMasterMessage(sent(message))).toEqual(message);
  });

  it('says each configuration once, and the specs come out whole', () => {
    const specs = listProcesses([group({ params: { a: 1 }, local: { instancesCount: 2 } }), group({ name: 'Other' })]);
    const told = specs.map((spec) => ({ spec, firstIncarnation: spec.id * 10 }));
    const message = sent(runMessage(told, { maxProcessTimeout: 3 }));
    expect(message.groups).toHaveLength(2);
    const parsed = parseMasterMessage(message) as RunMessage;
    expect(specsOf(parsed)).toEqual(sent(told));
    expect(parsed.limits).toEqual({ maxProcessTimeout: 3 });
  });

  it('says the keys of queue groups, where there are any', () => {
    expect(parseMasterMessage(sent(queueRun()))).toMatchObject({ keys: { Queue: KEY } });
    expect(run()).not.toHaveProperty('keys');
  });

  it.each([
    null,
    'hello',
    [],
    { type: 'constructor' },
    { type: 'toString' },
    { type: 'start' },
    changed(HELLO, 'protocol', 1),
    changed(HELLO, 'protocol.major', '1'),
    changed(HELLO, 'epoch', -1),
    changed(HELLO, 'leaseMs', 0),
    changed(HELLO, 'leaseMs', null),
    changed(HELLO, 'fleet', 7),
    changed(HELLO, 'capabilities', [1]),
    changed(run(), 'processes.0.group', 2),
    changed(run(), 'processes.0.id', 'x'),
    changed(run(), 'processes.0.origin', {}),
    changed(run(), 'groups.0.timeout', 'x'),
    changed(run(), 'groups.0.env', { A: 1 }),
    changed(run(), 'groups', {}),
    changed(run(), 'limits', {}),
    { type: 'want', generation: 1, wanted: { 1: 'start' } },
    { type: 'want', generation: 1, wanted: { x: 'run' } },
    { type: 'want', generation: 1, wanted: ['run'] },
    { type: 'echo', at: -1 },
    { type: 'echo', at: '1' },
    { type: 'confirm', sequence: 1.5 },
    { type: 'want', generation: 1, wanted: {}, cleared: { 1: 'x' } },
    { ...TELL, notice: { type: 'start' } },
    { ...TELL, notice: { type: 'feeder-ready', feeder: 1, incarnation: 2, address: { path: '/etc' } } },
    { ...TELL, notice: { type: 'let-go', count: 1, among: ['x'] } },
    { ...TELL, sequence: -1, notice: { type: 'feeder-gone', incarnation: 2 } },
    changed(queueRun(), 'keys.Queue', 'short'),
    changed(queueRun(), 'processes.0.queue.role', 'master'),
    changed(queueRun(), 'processes.0.queue.listen', { host: 'h', port: 70_000 }),
    changed(queueRun(), 'groups.0.queue.concurrency', 0),
    changed(queueRun(), 'groups.0.queue.window', 'wide'),
    changed(queueRun(), 'groups.0.queue.onDemand', { minInstances: 0 }),
  ])('%j is none', (message) => {
    expect(parseMasterMessage(message)).toBeUndefined();
  });
});

describe('messages of an agent', () => {
  it.each([
    AGENT_HELLO,
    { type: 'refused', reason: 'busy', message: 'x' },
    { type: 'lease', at: 0 },
    { type: 'heard', sequence: 3 },
    { type: 'demand', id: 1, incarnation: 1, demand: NO_DEMAND },
    {
      type: 'record',
      sequence: 1,
      record: { type: 'queue', id: 2, incarnation: 1, message: { type: 'drained', feeder: 1 } },
    },
    { type: 'summary', load: 0.5, processors: 4, freeMemory: 900, rss: 40, seen: [] },
    { type: 'summary', load: 0.5, rss: 40, seen: [], measured: [[1, 2, { rss: 20.5, cpu: 0.1, lag: 3 }]] },
    { type: 'record', sequence: 1, record: { type: 'lines', id: 1, level: 'warn', lines: 'a\nb\n' } },
    { type: 'record', sequence: 1, record: { type: 'log', level: 'error', message: 'x' } },
    { type: 'record', sequence: 1, record: { type: 'log', id: 3, level: 'error', message: 'x', context: 'c' } },
    {
      type: 'record',
      sequence: 1,
      record: { type: 'change', change: { id: 1, state: 'running', pid: 7, incarnation: 1 } },
    },
    { type: 'record', sequence: 1, record: { type: 'change', change: CHANGE } },
    {
      type: 'summary',
      load: 0.5,
      rss: 40,
      seen: [
        [1, 20],
        [2, 30.5, 64],
      ],
    },
  ])('%j is one', (message) => {
    expect(parseAgentMessage(sent(message))).toEqual(message);
  });

  it.each([
    undefined,
    { type: '__proto__' },
    changed(AGENT_HELLO, 'agent', undefined),
    changed(AGENT_HELLO, 'running', 'yes'),
    changed(AGENT_HELLO, 'at', null),
    { type: 'refused', reason: 'mood', message: 'x' },
    { type: 'heard', sequence: 'x' },
    { type: 'demand', id: 1, incarnation: 1, demand: { ...NO_DEMAND, waiting: -1 } },
    { type: 'demand', id: 1, incarnation: 1, demand: { type: 'drained', feeder: 1 } },
    { type: 'record', sequence: 1, record: { type: 'queue', id: 2, incarnation: 1, message: { type: 'feeder-gone' } } },
    { type: 'summary', load: 0.5, processors: -4, rss: 40, seen: [] },
    { type: 'record', sequence: 1, record: { type: 'lines', id: 1, level: 'log', lines: 'a' } },
    { type: 'record', sequence: 1, record: { type: 'lines', id: 1, level: 'notice', lines: 'a\n' } },
    { type: 'record', sequence: 1, record: { type: 'log', level: 'log' } },
    { type: 'record', sequence: 1, record: { type: 'valueOf' } },
    { type: 'record', sequence: -1, record: { type: 'log', level: 'log', message: 'x' } },
    ...[
      'id',
      'state',
      'incarnation',
      'published',
      'exit',
      'exit.reason',
      'exit.forced',
      'exit.code',
      'exit.lastLines',
    ].map((path) => ({ type: 'record', sequence: 1, record: { type: 'change', change: changed(CHANGE, path, {}) } })),
    {
      type: 'record',
      sequence: 1,
      record: { type: 'change', change: changed(CHANGE, 'published', 'process_started') },
    },
    { type: 'record', sequence: 1, record: { type: 'change', change: changed(CHANGE, 'state', 'toString') } },
    { type: 'summary', load: 1, rss: 1, seen: [[1]] },
    { type: 'summary', load: 1, rss: 1, seen: [], measured: [[1, 1]] },
    { type: 'summary', load: 1, rss: 1, seen: [], measured: [[1, 1, { rss: -1 }]] },
    { type: 'summary', load: 1, rss: 1, seen: [[1, 2, 3, 4]] },
    { type: 'summary', load: 1, rss: 1, seen: Array.from({ length: 100_001 }, () => [1, 1]) },
  ])('%j is none', (message) => {
    expect(parseAgentMessage(message)).toBeUndefined();
  });
});
