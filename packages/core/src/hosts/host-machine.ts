/*
 * The master's end of one host, as decisions without I/O: when to connect, what to say, what is known of what lives there.
 *
 *   idle --run--> connecting --linked--> greeting --hello--> connected --closed, silence--> waiting --due--> connecting
 *                     |______failed, refused, closed; greeting: due (10 s)_____________________^
 *   connected --close--> leaving --closed, due (5 s)--> closed; any other --close--> closed
 *
 *   | state                | event                         | next       | what is done                                            |
 *   | -------------------- | ----------------------------- | ---------- | ------------------------------------------------------- |
 *   | idle                 | run                           | connecting | connect                                                 |
 *   | connecting           | linked                        | greeting   | send hello                                              |
 *   | connecting, greeting | failed, refused, closed       | waiting    | drop; log; cut, the first time                          |
 *   | greeting             | due (10 s)                    | waiting    | drop; log; cut, the first time                          |
 *   | greeting             | hello                         | connected  | back; send confirm, echo, run, want and tell            |
 *   | greeting             | hello of one that runs        | connected  | back; send confirm, run, want, echo and tell: what is not to run does not go on with the lease |
 *   | greeting             | hello of one that runs and cannot be amended | connected | back; send confirm, echo, want and tell; give up what it does not know |
 *   | greeting             | hello of another agent, same place  | connected | lost first: it has ended what was there            |
 *   | greeting             | hello of another agent, another place | waiting | drop; connects again after the fence                |
 *   | connected            | lease                         | connected  | send echo: the fence moves                              |
 *   | connected            | amend                         | connected  | send run; where it cannot be amended: give up what it does not know |
 *   | connected            | want, tell                    | connected  | send want, tell                                         |
 *   | connected            | closed                        | waiting    | drop; log; cut                                          |
 *   | connected            | due (4.5 s without a message) | waiting    | drop; log; cut                                          |
 *   | waiting              | due                           | connecting | connect                                                 |
 *   | any                  | due (the fence)               | same; connected: waiting | lost; connected: drop, cut before it      |
 *   | connected            | close                         | leaving    | send bye: the agent tells what it has yet to tell, ends and closes the link |
 *   | leaving              | closed                        | closed     | drop; done                                              |
 *   | leaving              | due (5 s)                     | closed     | drop; done                                              |
 *   | greeting             | close                         | closed     | send bye; drop; done                                    |
 *   | other                | close                         | closed     | drop; done                                              |
 *
 * The fence lies 1.25 x lease + 2 s after the last echo: by then the agent has killed everything, by its own clock. It
 * is looked at before any other event, so that a master that was frozen judges by the time, not by what waited for it.
 * Delays double from 1 s to 30 s, +-20 %; a connection that held for 30 s starts them again. Owner: host-link.ts.
 */
import type { RefusalReason } from '../agent-channel/agent-message.js';
import type { LogLevel } from '../logger/logger.js';

/** From the link to the agent's hello. How long connecting may take is the connection's own matter. */
const GREETING_TIMEOUT_MS = 10_000;

/** Three summaries. */
const SILENCE_MS = 4500;

/** For an agent to end when it was told to. */
const LEAVE_TIMEOUT_MS = 5000;

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;
const PROVEN_AFTER_MS = 30_000;

/** Share by which delays vary, up and down. */
const JITTER = 0.2;

/** Clocks may differ by a quarter, and killing takes its time. */
const FENCE_FACTOR = 1.25;
const FENCE_GRACE_MS = 2000;

export type HostPhase = 'idle' | 'connecting' | 'greeting' | 'connected' | 'waiting' | 'leaving' | 'closed';

/** All that is decided by. Replaced as a whole; times are the master's monotonic milliseconds. */
export interface HostRecord {
  readonly phase: HostPhase;
  readonly transport: string;
  readonly leaseMs: number;
  /** When the greeting or the connection began. */
  readonly since: number;
  /** When a waiting host is due. */
  readonly dueAt: number;
  /** Attempts in a row that came to nothing. */
  readonly failures: number;
  readonly heardAt: number;
  /** The last time that the lease was given. */
  readonly echoedAt: number;
  /** Whose processes may live there; undefined: nothing of ours does. */
  readonly tenant: AgentName | undefined;
  /** What was entered last. */
  readonly reachable: boolean | undefined;
  /** The agent that said hello last can be told to run something else than at first. */
  readonly amends: boolean;
}

/** An agent and the place where it runs. */
export interface AgentName {
  readonly agent: string;
  readonly place: string;
}

export type HostEvent =
  | { readonly type: 'run' }
  | { readonly type: 'linked' }
  | { readonly type: 'failed'; readonly reason: string }
  | ({ readonly type: 'hello'; readonly running: boolean; readonly amends: boolean; readonly at: number } & AgentName)
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly message: string }
  | { readonly type: 'lease'; readonly at: number }
  /** Any other message. */
  | { readonly type: 'heard' }
  | { readonly type: 'want' }
  /** There is something else to run. */
  | { readonly type: 'amend' }
  /** There is a notice for it. */
  | { readonly type: 'tell' }
  | { readonly type: 'closed'; readonly reason: string }
  | { readonly type: 'due' }
  | { readonly type: 'close' };

export type HostEffect =
  | { readonly type: 'connect' }
  | { readonly type: 'drop' }
  /** Nothing more will happen. */
  | { readonly type: 'done' }
  | { readonly type: 'send'; readonly what: 'hello' | 'confirm' | 'run' | 'want' | 'tell' | 'bye' }
  | { readonly type: 'send'; readonly what: 'echo'; readonly at: number }
  /** Into the ledger, which tells the processes of the host what follows. */
  | { readonly type: 'enter'; readonly what: 'cut' | 'lost' | 'back' }
  /** What the agent was not told, it never will be. */
  | { readonly type: 'give-up' }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string };

/** What decisions need besides the record and the event. */
export interface HostContext {
  readonly now: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

export type HostDecision = readonly [HostRecord, readonly HostEffect[]];

export function createHostRecord(transport: string, leaseMs: number): HostRecord {
  return {
    phase: 'idle',
    transport,
    leaseMs,
    since: 0,
    dueAt: 0,
    failures: 0,
    heardAt: 0,
    echoedAt: 0,
    tenant: undefined,
    reachable: undefined,
    amends: false,
  };
}

/** When nothing of ours can live on the host any more. */
export function fencedAt({ tenant, echoedAt, leaseMs }: HostRecord): number {
  return tenant === undefined ? Infinity : echoedAt + FENCE_FACTOR * leaseMs + FENCE_GRACE_MS;
}

/** When it has to be looked at again; Infinity: not before something happens. */
export function hostDeadline(record: HostRecord): number {
  if (record.phase === 'closed' || record.phase === 'leaving') return phaseDeadline(record);
  return Math.min(fencedAt(record), phaseDeadline(record));
}

/** The only place where a record changes. An event that does not fit the state changes nothing. */
export function decideHost(record: HostRecord, event: HostEvent, context: HostContext): HostDecision {
  if (record.phase === 'closed') return [record, []];
  if (record.phase === 'leaving') return leaving(record, event, context);
  const [current, fenced] = fence(record, context);
  const [next, effects] = react(current, event, context);
  return [next, [...fenced, ...effects]];
}

function phaseDeadline(record: HostRecord): number {
  switch (record.phase) {
    case 'greeting':
      return record.since + GREETING_TIMEOUT_MS;
    case 'connected':
      return record.heardAt + SILENCE_MS;
    case 'waiting':
      return record.dueAt;
    case 'leaving':
      return record.since + LEAVE_TIMEOUT_MS;
    default:
      return Infinity;
  }
}

function fence(record: HostRecord, context: HostContext): HostDecision {
  if (context.now < fencedAt(record)) return [record, []];
  const [next, effects] =
    record.phase === 'connected' ? disconnect(record, 'the lease was not renewed', context) : ([record, []] as const);
  return [{ ...next, tenant: undefined }, [...effects, { type: 'enter', what: 'lost' }]];
}

function react(record: HostRecord, event: HostEvent, context: HostContext): HostDecision {
  switch (event.type) {
    case 'run':
      return record.phase === 'idle' ? connect(record) : [record, []];
    case 'linked':
      return record.phase === 'connecting' ? greet(record, context) : [record, []];
    case 'hello':
      return record.phase === 'greeting' ? welcome(record, event, context) : [record, []];
    case 'lease':
      return record.phase === 'connected' ? renew(record, event.at, context.now) : [record, []];
    case 'heard':
      return [{ ...record, heardAt: context.now }, []];
    case 'amend':
      return [record, record.phase === 'connected' ? [amend(record)] : []];
    case 'want':
    case 'tell':
      return [record, record.phase === 'connected' ? [{ type: 'send', what: event.type }] : []];
    case 'refused':
      return isTrying(record) ? fail(record, refusalText(event.reason, event.message), context) : [record, []];
    case 'failed':
      return isTrying(record) ? fail(record, event.reason, context) : [record, []];
    case 'closed':
      return closed(record, event.reason, context);
    case 'due':
      return due(record, context);
    case 'close':
      return close(record, context);
  }
}

function isTrying({ phase }: HostRecord): boolean {
  return phase === 'connecting' || phase === 'greeting';
}

function connect(record: HostRecord): HostDecision {
  return [{ ...record, phase: 'connecting' }, [{ type: 'connect' }]];
}

function greet(record: HostRecord, { now }: HostContext): HostDecision {
  return [{ ...record, phase: 'greeting', since: now }, [{ type: 'send', what: 'hello' }]];
}

function welcome(record: HostRecord, hello: Extract<HostEvent, { type: 'hello' }>, context: HostContext): HostDecision {
  const { tenant } = record;
  const moved = tenant !== undefined && tenant.agent !== hello.agent;
  if (moved && tenant.place !== hello.place) return waitForFence(record);
  return settle(record, hello, context, moved ? [{ type: 'enter', what: 'lost' }] : []);
}

function settle(
  record: HostRecord,
  hello: Extract<HostEvent, { type: 'hello' }>,
  { now }: HostContext,
  before: readonly HostEffect[],
): HostDecision {
  const { agent, place, amends } = hello;
  const next: HostRecord = {
    ...record,
    phase: 'connected',
    since: now,
    heardAt: now,
    echoedAt: now,
    tenant: { agent, place },
    reachable: true,
    amends,
  };
  return [
    next,
    [
      ...before,
      log('log', 'Connected to host'),
      { type: 'enter', what: 'back' },
      send('confirm'),
      ...takeOver(hello),
      send('tell'),
    ],
  ];
}

/** The lease is given with the first echo, before anything can start, but not before that is ended which is not to go on. */
function takeOver({ running, amends, at }: Extract<HostEvent, { type: 'hello' }>): HostEffect[] {
  const echo: HostEffect = { type: 'send', what: 'echo', at };
  if (!running) return [echo, send('run'), send('want')];
  return amends ? [send('run'), send('want'), echo] : [echo, send('want'), { type: 'give-up' }];
}

function amend({ amends }: HostRecord): HostEffect {
  return amends ? send('run') : { type: 'give-up' };
}

/** Nobody knows whether the agent before has ended: it has, at the fence. */
function waitForFence(record: HostRecord): HostDecision {
  return [
    { ...record, phase: 'waiting', dueAt: fencedAt(record) },
    [{ type: 'drop' }, log('warn', 'Another agent answers: waiting until the lease of the one before is over')],
  ];
}

function renew(record: HostRecord, at: number, now: number): HostDecision {
  return [{ ...record, heardAt: now, echoedAt: now }, [{ type: 'send', what: 'echo', at }]];
}

function closed(record: HostRecord, reason: string, context: HostContext): HostDecision {
  if (record.phase === 'connected') return disconnect(record, reason, context);
  return isTrying(record) ? fail(record, reason, context) : [record, []];
}

function due(record: HostRecord, context: HostContext): HostDecision {
  if (context.now < phaseDeadline(record)) return [record, []];
  switch (record.phase) {
    case 'waiting':
      return connect(record);
    case 'connected':
      return disconnect(record, `nothing was heard for ${SILENCE_MS / 1000} s`, context);
    default:
      return fail(record, `the agent has not answered within ${GREETING_TIMEOUT_MS / 1000} s`, context);
  }
}

function disconnect(record: HostRecord, reason: string, context: HostContext): HostDecision {
  const failures = context.now - record.since >= PROVEN_AFTER_MS ? 0 : record.failures;
  return away({ ...record, failures }, log('warn', `Connection to host lost: ${reason}`), context);
}

function fail(record: HostRecord, reason: string, context: HostContext): HostDecision {
  return away(record, log('error', `${record.transport} connection failed: ${reason}`), context);
}

function away(record: HostRecord, told: HostEffect, { now, random }: HostContext): HostDecision {
  const dueAt = now + delayMs(record.failures, random());
  const cut: HostEffect[] = record.reachable === false ? [] : [{ type: 'enter', what: 'cut' }];
  return [
    { ...record, phase: 'waiting', dueAt, failures: record.failures + 1, reachable: false },
    [{ type: 'drop' }, told, ...cut],
  ];
}

function delayMs(failures: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 10));
  return delay * (1 + JITTER * (2 * random - 1));
}

function close(record: HostRecord, { now }: HostContext): HostDecision {
  if (record.phase === 'connected')
    return [{ ...record, phase: 'leaving', since: now }, [{ type: 'send', what: 'bye' }]];
  const bye: HostEffect[] = record.phase === 'greeting' ? [{ type: 'send', what: 'bye' }] : [];
  return [{ ...record, phase: 'closed' }, [...bye, { type: 'drop' }, { type: 'done' }]];
}

function leaving(record: HostRecord, event: HostEvent, { now }: HostContext): HostDecision {
  const over = event.type === 'closed' || now >= phaseDeadline(record);
  return over ? [{ ...record, phase: 'closed' }, [{ type: 'drop' }, { type: 'done' }]] : [record, []];
}

function refusalText(reason: RefusalReason, message: string): string {
  return `the agent refused (${reason}): ${message}`;
}

function send(what: 'confirm' | 'run' | 'want' | 'tell'): HostEffect {
  return { type: 'send', what };
}

function log(level: LogLevel, message: string): HostEffect {
  return { type: 'log', level, message };
}
