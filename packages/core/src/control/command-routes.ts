import { masterDifferences } from '../plan/master-differences.js';
import type { CommandEvent } from '../event-journal/journal-event.js';
import type { Answer, Exchange } from './exchange.js';
import { ControlRequestError, ControlUnsupportedError } from './control-errors.js';
import { codeOf } from './note-change.js';
import { assertKeys, countOf, flagOf, textOf } from './parameters.js';
import { fleetOf } from './query-routes.js';
import type { Body } from './request-body.js';
import type { Desk, Parameter, Route } from './route.js';
import { groupStatuses } from './status.js';

const MOST_PROCESSES = 100_000;

/** Of what is kept of a request. */
const LONGEST_TEXT = 500;

const FORCE: Parameter = { description: 'Kill at once instead of asking to stop', schema: { type: 'boolean' } };
const CONFLICT = { 409: { description: 'Not now: nothing runs, or another change does', schema: 'Error' } };
const NO_GROUP = { 404: { description: 'There is no such group', schema: 'Error' } };
const DONE = { 200: { description: 'How the group does now', schema: 'GroupStatuses' } };
const ALL_DONE = { 200: { description: 'How the groups do now', schema: 'GroupStatuses' } };

/** What a command does with what was said with it. */
interface Command extends Omit<Route, 'method' | 'handle'> {
  /** Without an answer of its own the groups are answered. */
  readonly run: (desk: Desk, body: Body, name: string) => Promise<Answer | void> | Answer | void;
}

const COMMANDS: readonly Command[] = [
  {
    path: '/groups/{name}/suspend',
    summary: 'Stops the processes of a group, and starts none until it is resumed',
    parameters: { force: FORCE },
    answers: { ...DONE, ...NO_GROUP, ...CONFLICT },
    run: ({ fleet }, body, name) => fleet.suspendGroup(name, { force: flagOf(body, 'force') }),
  },
  {
    path: '/groups/{name}/resume',
    summary: 'Starts a suspended group again',
    answers: { ...DONE, ...NO_GROUP, ...CONFLICT },
    run: ({ fleet }, _body, name) => fleet.resumeGroup(name),
  },
  {
    path: '/groups/{name}/scale',
    summary: 'Changes the number of processes of a group, or of the consumers of a queue group',
    parameters: {
      count: {
        description: 'How many; of consumers on demand the most that there may be',
        schema: { type: 'integer', minimum: 1, maximum: MOST_PROCESSES },
        required: true,
      },
    },
    answers: { ...DONE, ...NO_GROUP, ...CONFLICT },
    run: ({ fleet }, body, name) => fleet.scaleGroup(name, countOf(body, 'count', MOST_PROCESSES)),
  },
  {
    path: '/groups/{name}/restart',
    summary: 'Stops all processes of a group and starts them again; answers when they were started',
    parameters: { force: FORCE },
    answers: { ...DONE, ...NO_GROUP, ...CONFLICT },
    run: ({ fleet }, body, name) => fleet.restartGroup(name, { force: flagOf(body, 'force') }),
  },
  {
    path: '/suspend',
    summary: 'Suspends all groups',
    parameters: { force: FORCE },
    answers: { ...ALL_DONE, ...CONFLICT },
    run: ({ fleet }, body) => fleet.suspendAll({ force: flagOf(body, 'force') }),
  },
  {
    path: '/resume',
    summary: 'Resumes all groups',
    answers: { ...ALL_DONE, ...CONFLICT },
    run: ({ fleet }) => fleet.resumeAll(),
  },
  {
    path: '/restart',
    summary:
      'Stops everything and starts a successor with fresh configuration: only of a service that runs in the background',
    answers: {
      202: { description: 'It has begun', schema: 'Accepted' },
      409: { description: 'Not now: the master stops', schema: 'Error' },
      422: { description: 'The configuration is wrong: nothing was changed', schema: 'Error' },
      501: { description: 'This master runs in the foreground', schema: 'Error' },
    },
    run: async ({ operator }) => {
      if (operator?.restart === undefined) throw new ControlUnsupportedError(FOREGROUND);
      await operator.restart();
      return { status: 202, body: { accepted: true } };
    },
  },
  {
    path: '/reload',
    summary: 'Replaces the processes batch by batch, or applies a changed configuration; answers when it is done',
    parameters: {
      group: { description: 'One group. Default: all', schema: { type: 'string' } },
      configOnly: {
        description: 'Read the configuration again, and start, stop and restart only what differs',
        schema: { type: 'boolean' },
      },
    },
    answers: {
      200: { description: 'What became of it', schema: 'ChangeResult' },
      422: { description: 'The configuration is wrong: nothing was changed', schema: 'Error' },
      ...NO_GROUP,
      ...CONFLICT,
    },
    run: reload,
  },
  {
    path: '/stop',
    summary: 'Asks all processes to stop and ends the master; follow the events to see it end',
    answers: { 202: { description: 'It has begun', schema: 'Accepted' } },
    run: ({ fleet, log, operator }) => {
      operator?.stopping?.();
      fleet.stop().catch((error: unknown) => log('error', `The stop has failed: ${String(error)}`));
      return { status: 202, body: { accepted: true } };
    },
  },
];

const FOREGROUND =
  'This master cannot start itself again: it is no service in the background. Stop it and start it again, or name a group';

/** What changes the fleet. Each is written into the journal with who asked for it and what it came to. */
export const COMMAND_ROUTES: readonly Route[] = COMMANDS.map((command) => ({
  ...command,
  method: 'POST',
  handle: (desk, exchange, name) => carryOut(command, desk, exchange, name),
}));

async function carryOut(command: Command, desk: Desk, exchange: Exchange, name: string): Promise<Answer | undefined> {
  const body = await exchange.body();
  assertKeys(Object.keys(body), Object.keys(command.parameters ?? {}));
  const note = { command: command.path.split('/').at(-1)!, ...who(exchange, body, name) };
  desk.log('log', `Asked to ${described(note)}`);
  try {
    const answer = await command.run(desk, body, name);
    desk.feed.command({ ...note, outcome: 'ok' });
    return answer ?? { body: groupStatuses(fleetOf(desk)).filter((group) => name === '' || group.name === name) };
  } catch (error) {
    desk.feed.command({ ...note, outcome: codeOf(error), message: shortened((error as Error).message) });
    throw error;
  }
}

function described({ command, group, operator }: Omit<CommandEvent, 'type' | 'outcome'>): string {
  return `${command}${group === undefined ? '' : ` ${JSON.stringify(group)}`} by ${operator ?? 'somebody'}`;
}

function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}

function who(
  { operator }: Exchange,
  { group, ...options }: Body,
  name: string,
): { readonly group?: string; readonly operator?: string; readonly options?: Body } {
  const about = name === '' ? group : name;
  return {
    ...(typeof about === 'string' && { group: shortened(about) }),
    ...(Object.keys(options).length > 0 && { options: bounded(options) }),
    ...(operator !== undefined && { operator }),
  };
}

/** What is wrong may be long. */
function bounded(options: Body): Body {
  const isShort = (value: unknown): boolean => typeof value === 'number' || typeof value === 'boolean';
  const entries = Object.entries(options);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isShort(value) ? value : shortened(JSON.stringify(value))]),
  );
}

async function reload({ fleet, operator }: Desk, body: Body): Promise<Answer> {
  const group = textOf(body, 'group');
  if (!flagOf(body, 'configOnly')) return { body: await fleet.reload(group) };
  if (group !== undefined) throw new ControlRequestError(400, '"group" and "configOnly" do not go together');
  if (operator?.readConfiguration === undefined) throw new ControlUnsupportedError(WITHOUT_FILE);
  const { groups, ...settings } = await operator.readConfiguration();
  const result = await fleet.apply(groups);
  const atRestart = operator.settings === undefined ? [] : masterDifferences(operator.settings, settings);
  return { body: { ...result, plan: { ...result.plan, atRestart } } };
}

const WITHOUT_FILE = 'This master has no configuration to read: its groups were given in code';
