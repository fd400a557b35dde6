type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const FLAG: Schema = { type: 'boolean' };
const MOMENT: Schema = { type: 'string', format: 'date-time' };
const TEXTS: Schema = { type: 'array', items: TEXT };

const STATES = 'created waiting starting running stopping backoff stopped failed suspended unreachable'.split(' ');

const CHANGE: Schema = { enum: ['reload', 'restart', 'scale', 'configuration'] };

const EXIT = {
  code: { type: ['integer', 'null'] },
  signal: { type: ['string', 'null'] },
  reason: TEXT,
  forced: FLAG,
  error: TEXT,
  lastLines: { ...TEXTS, description: 'What it said last' },
  rss: NUMBER,
};

const QUEUE = {
  waiting: COUNT,
  held: COUNT,
  done: COUNT,
  failed: COUNT,
  consumers: COUNT,
  rate: { ...NUMBER, description: 'Items a second' },
  timeToClear: { ...NUMBER, description: 'Seconds until nothing waits any more' },
};

const SPEAKER = {
  at: MOMENT,
  level: { enum: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] },
  group: TEXT,
  host: TEXT,
  process: { ...COUNT, description: 'Id' },
  display: TEXT,
};

/** What answers are made of: JSON Schema 2020-12. Durations are seconds, memory MB, `cpu` parts of one processor. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Configuration: object(
    {
      groups: { type: 'array', items: { type: 'object' } },
      name: TEXT,
      log: { type: 'object' },
      pidPath: TEXT,
      metrics: { type: 'object' },
    },
    ['name', 'log', 'pidPath', 'metrics'],
  ),
  FleetStatus: object(
    {
      name: TEXT,
      version: TEXT,
      node: TEXT,
      pid: COUNT,
      epoch: COUNT,
      service: { ...FLAG, description: 'Whether it stays when all processes have ended' },
      phase: { enum: ['starting', 'running', 'stopping'] },
      startedAt: MOMENT,
      uptime: NUMBER,
      rss: NUMBER,
      cpu: NUMBER,
      loopLag: {
        ...NUMBER,
        description: 'Longest delay of its event loop in the last 5 s, as a timer a second sees it',
      },
      change: { ...CHANGE, description: 'What runs at present' },
      groups: listOf('GroupStatus'),
    },
    ['name', 'change'],
  ),
  GroupStatuses: listOf('GroupStatus'),
  GroupStatus: object(
    {
      name: TEXT,
      kind: { enum: ['group', 'queue-group'] },
      command: TEXT,
      suspended: FLAG,
      states: object(Object.fromEntries(STATES.map((state) => [state, COUNT])), STATES),
      restarts: { ...COUNT, description: 'Starts after the first of each process, in this run' },
      timeouts: COUNT,
      queue: object(QUEUE, ['timeToClear']),
    },
    ['queue'],
  ),
  ProcessStatuses: listOf('ProcessStatus'),
  ProcessStatus: object(
    {
      id: COUNT,
      groupId: COUNT,
      groupCount: COUNT,
      group: TEXT,
      host: TEXT,
      command: TEXT,
      display: TEXT,
      role: { enum: ['feeder', 'consumer'] },
      state: { enum: STATES },
      pid: COUNT,
      incarnation: COUNT,
      startedAt: { ...MOMENT, description: 'Of the present incarnation' },
      uptime: NUMBER,
      lastSeen: MOMENT,
      restarts: COUNT,
      timeouts: COUNT,
      exits: { ...listOf('Exit'), description: 'The last ends, the latest first' },
      rss: NUMBER,
      cpu: NUMBER,
      loopLag: NUMBER,
      items: object({ busy: COUNT, done: COUNT, failed: COUNT, released: COUNT }),
    },
    ['role', 'pid', 'startedAt', 'uptime', 'lastSeen', 'rss', 'cpu', 'loopLag', 'items'],
  ),
  Exit: object({ ...EXIT, at: MOMENT, incarnation: COUNT }, ['error', 'lastLines', 'rss']),
  Events: listOf('Event'),
  Event: {
    ...object({ at: MOMENT, epoch: COUNT, seq: COUNT, type: TEXT, group: TEXT, id: COUNT }, ['seq', 'group', 'id']),
    additionalProperties: true,
  },
  LogLines: { type: 'array', items: object({ ...SPEAKER, line: TEXT }, ['group', 'host', 'process']) },
  Health: object({ status: { enum: ['ok', 'unavailable'] }, reasons: TEXTS }),
  Accepted: object({ accepted: { const: true } }),
  ChangeResult: { oneOf: [reference('ReloadResult'), reference('ApplyResult')] },
  ReloadResult: object({ completed: FLAG, replaced: COUNT, left: COUNT, reason: TEXT }, ['reason']),
  ApplyResult: object({ plan: reference('Plan'), completed: FLAG, rolledBack: FLAG, reason: TEXT }, ['reason']),
  Plan: object({ steps: listOf('PlanStep'), atRestart: TEXTS }),
  PlanStep: object({
    action: { enum: ['start', 'stop', 'restart', 'scale'] },
    group: TEXT,
    processes: object({ before: COUNT, after: COUNT }),
    changes: TEXTS,
  }),
  Error: object({
    error: object({ code: TEXT, message: TEXT, details: { type: 'object' } }, ['details']),
  }),
  OpenApi: { type: 'object' },
};

export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

function listOf(name: string): Schema {
  return { type: 'array', items: reference(name) };
}

/** What is not optional is always there, and nothing else is. */
function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}
