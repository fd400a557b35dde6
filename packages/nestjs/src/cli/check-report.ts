import type { HostCheck } from '@distributed-architecture/core';
import { plainTable } from './plain-table.js';

const COLUMNS = ['host', 'reachable', 'authenticated', 'node', 'entry', 'build', 'clock', 'feeder ports', 'fit'];

/** What `run-master --check` prints for people: a table, and below it what is wrong with which host. */
export async function checkReport(checks: readonly HostCheck[]): Promise<string> {
  if (checks.length === 0) return 'No other hosts: there is nothing to check\n';
  const lines = await plainTable(COLUMNS, checks.map(row));
  return [...lines, ...checks.flatMap(remarks)].map((line) => `${line}\n`).join('');
}

function row(check: HostCheck): string[] {
  const { reachable, authenticated, node, entry, build, clockSkew, ports, fit } = check;
  const skew = clockSkew === undefined ? undefined : `${clockSkew < 0 ? '-' : '+'}${Math.abs(clockSkew).toFixed(1)} s`;
  return [
    nameOf(check),
    yesNo(reachable),
    yesNo(authenticated),
    node ?? '-',
    entry ?? '-',
    build ?? '-',
    skew ?? '-',
    ports.map(({ host, port, free }) => `${host}:${port} ${free ? 'free' : 'in use'}`).join(', ') || '-',
    yesNo(fit),
  ];
}

function nameOf({ host, user, port }: HostCheck): string {
  return `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;
}

function yesNo(value: boolean | undefined): string {
  return value === undefined ? '-' : value ? 'yes' : 'no';
}

function remarks(check: HostCheck): string[] {
  // Most problems name their host themselves.
  const named = (text: string): string => (text.startsWith(check.host) ? text : `${nameOf(check)}: ${text}`);
  return [
    ...check.problems.map((problem) => `error: ${named(problem)}`),
    ...check.warnings.map((warning) => `warning: ${named(warning)}`),
  ];
}
