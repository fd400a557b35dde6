import { didYouMean } from '../config/binding/suggest.js';
import { KEPT_EVENTS, PASSING_EVENTS } from './event-feed.js';
import { assertKeys, listOf, momentOf, numberOf, switchOf } from './parameters.js';
import { ControlRequestError, ControlUnsupportedError } from './control-errors.js';
import { LIVE, readiness } from './health.js';
import { openApiDocument } from './openapi.js';
import { pastEvents, type Beginning } from './followers.js';
import type { Answer, Exchange } from './exchange.js';
import type { Desk, Route } from './route.js';
import { lineOf } from './saying.js';
import { assertGroup, fleetStatus, groupStatuses, processStatuses, type Fleet } from './status.js';
import type { LineFilter } from './recent-lines.js';

const MOST_LINES = 10_000;
const LINES = 100;
const MOST_EVENTS = 100_000;
const EVENTS = 1000;

const GROUP = { description: 'Only of this group', schema: { type: 'string' } };
const NO_GROUP = { 404: { description: 'There is no such group', schema: 'Error' } };

/** What shows how the fleet does, and changes nothing. */
export const QUERY_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/status',
    summary: 'The master, and how its groups do',
    answers: { 200: { description: 'As it is now', schema: 'FleetStatus' } },
    handle: (desk) => ({ body: fleetStatus(fleetOf(desk)) }),
  },
  {
    method: 'GET',
    path: '/groups',
    summary: 'How the groups do',
    answers: { 200: { description: 'In the order of the configuration', schema: 'GroupStatuses' } },
    handle: (desk) => ({ body: groupStatuses(fleetOf(desk)) }),
  },
  {
    method: 'GET',
    path: '/processes',
    summary: 'How the processes do',
    parameters: { group: GROUP },
    answers: { 200: { description: 'In the order of their ids', schema: 'ProcessStatuses' }, ...NO_GROUP },
    handle: (desk, { query }) => ({ body: processStatuses(fleetOf(desk), query.get('group') ?? undefined) }),
  },
  {
    method: 'GET',
    path: '/configuration',
    summary: 'The groups as they run, with what scaling has changed, and the settings of the master. Secrets are in it',
    answers: {
      200: { description: 'As the configuration has them, with keys in camelCase', schema: 'Configuration' },
      501: { description: 'It is not told', schema: 'Error' },
    },
    handle({ source: { configuration }, operator }) {
      if (configuration === undefined) throw new ControlUnsupportedError('This master does not tell its configuration');
      return { body: { ...operator?.settings, groups: configuration } };
    },
  },
  {
    method: 'GET',
    path: '/events',
    summary: 'What happened, and what happens: a stream of events that ends with the master',
    parameters: {
      group: GROUP,
      types: {
        description:
          'Only these types, with commas between them. process_created, process_running and master_running are told only to those who name them',
        schema: { type: 'string' },
      },
      since: {
        description: 'Begin with what happened at this moment: ISO 8601, or milliseconds since 1970. Default: now',
        schema: { type: 'string' },
      },
      limit: {
        description: `The latest events of the past, at most. Default ${EVENTS}`,
        schema: { type: 'integer', minimum: 1, maximum: MOST_EVENTS },
      },
      follow: { description: '0: only the past, as JSON. Default 1', schema: { enum: ['0', '1'] } },
    },
    answers: {
      200: { description: 'Each event is an entry of the journal', schema: 'Events', contentType: 'text/event-stream' },
      ...NO_GROUP,
    },
    handle: events,
  },
  {
    method: 'GET',
    path: '/logs',
    summary: 'What processes said last: at most 200 lines of each are kept, of each line 1024 characters',
    parameters: {
      group: GROUP,
      process: { description: 'Only of the process with this id', schema: { type: 'integer', minimum: 1 } },
      lines: {
        description: `At most so many. Default ${LINES}`,
        schema: { type: 'integer', minimum: 1, maximum: MOST_LINES },
      },
      follow: {
        description: '1: a stream of events that goes on with what is said from now on',
        schema: { enum: ['0', '1'] },
      },
    },
    answers: { 200: { description: 'The oldest first', schema: 'LogLines' }, ...NO_GROUP },
    handle: logs,
  },
  {
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics in the text format of Prometheus',
    answers: {
      200: { description: 'A page for Prometheus', contentType: 'text/plain' },
      501: { description: 'There are none', schema: 'Error' },
    },
    async handle({ metrics }) {
      if (metrics === undefined) throw new ControlUnsupportedError('This master has no metrics');
      return { text: await metrics() };
    },
  },
  {
    method: 'GET',
    path: '/health/live',
    summary: 'Whether the master answers',
    answers: { 200: { description: 'It does', schema: 'Health' } },
    handle: () => ({ body: LIVE }),
  },
  {
    method: 'GET',
    path: '/health/ready',
    summary: 'Whether every group was started and no process has failed for good',
    answers: { 200: { description: 'Yes', schema: 'Health' }, 503: { description: 'No, and why', schema: 'Health' } },
    handle(desk) {
      const health = readiness(fleetOf(desk));
      return { status: health.status === 'ok' ? 200 : 503, body: health };
    },
  },
  {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', schema: 'OpenApi' } },
    handle: (desk) => ({ body: openApiDocument(desk.routes) }),
  },
];

export function fleetOf({ source, recorder, clock }: Desk): Fleet {
  return { source, recorder, now: () => clock.date() };
}

async function events(desk: Desk, exchange: Exchange): Promise<Answer | undefined> {
  const { query } = exchange;
  const group = groupOf(desk, query);
  const types = listOf(query, 'types');
  for (const type of types ?? []) assertType(type);
  const filter = { ...(group !== undefined && { group }), ...(types && { types }) };
  const beginning = beginningOf(exchange);
  if (!switchOf(query, 'follow', true)) return { body: await pastEvents(desk, filter, beginning) };
  await desk.followers.events(exchange, filter, beginning);
  return undefined;
}

function assertType(type: string): void {
  const known: readonly string[] = [...KEPT_EVENTS, ...PASSING_EVENTS];
  if (known.includes(type)) return;
  throw new ControlRequestError(400, `There are no events "${type}"${didYouMean(type, known)}`);
}

function beginningOf({ query, request }: Exchange): Beginning {
  const since = momentOf(query, 'since');
  const after = request.headers['last-event-id'];
  const limit = numberOf(query, 'limit', MOST_EVENTS) ?? EVENTS;
  return { ...(since && { since }), ...(typeof after === 'string' && { after }), limit };
}

function logs(desk: Desk, exchange: Exchange): Answer | undefined {
  const { query } = exchange;
  const filter = lineFilterOf(desk, query);
  const count = numberOf(query, 'lines', MOST_LINES) ?? LINES;
  const { recorder, followers } = desk;
  if (switchOf(query, 'follow', false)) {
    followers.lines(exchange, filter, count);
    return undefined;
  }
  return { body: recorder.lines.latest(filter, count).map((line) => lineOf(recorder, line)) };
}

function lineFilterOf(desk: Desk, query: URLSearchParams): LineFilter {
  const group = groupOf(desk, query);
  const id = numberOf(query, 'process', Number.MAX_SAFE_INTEGER);
  const process = id === undefined ? undefined : desk.source.processes.find((each) => each.id === id);
  if (id !== undefined && process === undefined) throw new ControlRequestError(404, `There is no process ${id}`);
  return { ...(group !== undefined && { group }), ...(process && { display: process.display }) };
}

function groupOf({ source }: Desk, query: URLSearchParams): string | undefined {
  const group = query.get('group') ?? undefined;
  if (group !== undefined) assertGroup(source.groups, group);
  return group;
}

/** @throws ControlRequestError for one that the route does not know */
export function checkQuery({ method, parameters = {} }: Route, { query }: Exchange): void {
  assertKeys(query.keys(), method === 'GET' ? Object.keys(parameters) : []);
}
