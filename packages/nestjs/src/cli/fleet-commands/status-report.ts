import type { FleetStatus, GroupStatus, ProcessStatus } from '@distributed-architecture/core';
import { plainTable } from '../plain-table.js';
import { plain } from '../visible.js';

const GROUP_COLUMNS = ['GROUP', 'KIND', 'COMMAND', 'PROCESSES', 'RESTARTS', 'TIMEOUTS', 'ITEMS'];
const PROCESS_COLUMNS = [
  'ID',
  'GROUP',
  'HOST',
  'PROCESS',
  'STATE',
  'PID',
  'UPTIME',
  'RESTARTS',
  'LAST EXIT',
  'RSS',
  'CPU',
  'ITEMS',
];
const NUMBERS = ['ID', 'PID', 'UPTIME', 'RESTARTS', 'TIMEOUTS', 'RSS', 'CPU'];

const NONE = '-';

/** What `master:status` prints for people: a line about the master, its groups, its processes. */
export async function statusReport(status: FleetStatus & { processes: readonly ProcessStatus[] }): Promise<string> {
  const groups = await plainTable(GROUP_COLUMNS, status.groups.map(groupRow), NUMBERS);
  const processes = await plainTable(PROCESS_COLUMNS, status.processes.map(processRow), NUMBERS);
  return [headline(status), '', ...groups, '', ...processes].map((line) => `${line}\n`).join('');
}

function headline({ name = 'The master', phase, service, pid, uptime, change, rss, cpu }: FleetStatus): string {
  const facts = [
    `${service ? 'service' : 'foreground'}, pid ${pid}`,
    `up ${duration(uptime)}`,
    `RSS ${rss.toFixed(0)} MB`,
    `CPU ${percent(cpu)}`,
    ...(change === undefined ? [] : [`a ${change} is under way`]),
  ];
  return `${plain(name)} is ${phase} (${facts.join(', ')})`;
}

function groupRow({ name, kind, command, suspended, states, restarts, timeouts, queue }: GroupStatus): string[] {
  const counts = Object.entries(states).map(([state, count]) => `${count} ${state}`);
  return [
    plain(name),
    kind === 'group' ? 'group' : 'queue',
    plain(command),
    `${counts.join(', ') || NONE}${suspended && Object.keys(states).join() !== 'suspended' ? ' (suspended)' : ''}`,
    String(restarts),
    String(timeouts),
    queue === undefined ? NONE : queueText(queue),
  ];
}

function queueText({ waiting, held, done, failed }: NonNullable<GroupStatus['queue']>): string {
  return `${waiting} waiting, ${held} held, ${done} done, ${failed} failed`;
}

function processRow(process: ProcessStatus): string[] {
  const { id, group, host, display, state, pid, uptime, restarts, exits, rss, cpu, items } = process;
  return [
    String(id),
    plain(group),
    plain(host),
    plain(display),
    state,
    pid === undefined ? NONE : String(pid),
    uptime === undefined ? NONE : duration(uptime),
    String(restarts),
    exits[0] === undefined ? NONE : exitText(exits[0]),
    rss === undefined ? NONE : `${rss.toFixed(0)} MB`,
    cpu === undefined ? NONE : percent(cpu),
    items === undefined ? NONE : `${items.busy} busy, ${items.done} done, ${items.failed} failed`,
  ];
}

function exitText({ code, signal, reason }: ProcessStatus['exits'][number]): string {
  const how = signal ?? (code === null || code === undefined ? undefined : String(code));
  return how === undefined ? reason : `${reason} (${how})`;
}

function percent(cpu: number): string {
  return `${(cpu * 100).toFixed(0)} %`;
}

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** The two largest units: `3d 4h`, `12s`. */
export function duration(seconds: number): string {
  const first = UNITS.findIndex(([, each]) => seconds >= each);
  if (first < 0) return '0s';
  let rest = Math.floor(seconds);
  const parts = UNITS.slice(first, first + 2).map(([unit, each]) => {
    const count = Math.floor(rest / each);
    rest -= count * each;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.filter(Boolean).join(' ');
}
