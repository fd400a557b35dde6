import { readConfigText } from './binding/read-config.js';
import { ConfigError } from './config-error.js';
import type { DistributedArchitectureConfig } from './distributed-architecture-config.js';
import { ProblemList } from './reading/problem-list.js';

/** A broken text, and the lines of the error that it gives. */
export interface BrokenYaml {
  readonly title: string;
  readonly yaml: string;
  readonly lines: readonly string[];
}

interface Options {
  env?: Record<string, string>;
  refuseUnsupported?: boolean;
}

/** Reads a text as the file config.yaml in /srv/app; what is not supported yet is let through. */
export function read(
  yaml: string,
  { env = {}, refuseUnsupported = false }: Options = {},
): DistributedArchitectureConfig {
  return readConfigText(yaml, new ProblemList('config.yaml'), {
    cwd: '/srv/app',
    env: { HOME: '/home/me', ...env },
    refuseUnsupported,
  });
}

/** The lines of the error; none when the text is fine. */
export function errorLines(yaml: string, options?: Options): string[] {
  try {
    read(yaml, options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

export function text(...lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** A group with a command and more lines; the first of them is line 5, column 7. */
export function group(...lines: string[]): string {
  const head = ['distributed_architecture:', '  groups:', '    First Group:', '      command: app:test'];
  return text(...head, ...lines.map((line) => `      ${line}`));
}

/** A queue group with a command and more lines; the first of them is line 5, column 7. */
export function queue(...lines: string[]): string {
  const head = ['distributed_architecture:', '  queue_groups:', '    Queue:', '      command: app:queue'];
  return text(...head, ...lines.map((line) => `      ${line}`));
}

/** A job queue; the first line is line 4, column 7. */
export function jobs(...lines: string[]): string {
  return text('distributed_architecture:', '  job_queues:', '    emails:', ...lines.map((line) => `      ${line}`));
}

const PROCESS_KEYS =
  'console, bin_path, path, priority, timeout, start_timeout, stop_timeout, restart, restart_delay, max_restarts, restart_window, memory_limit, max_age, env';
export const GROUP_KEYS = `command, params, depends_on, reload, local, remote, ${PROCESS_KEYS}`;
export const LOCAL_KEYS = `instances_count, ${PROCESS_KEYS}`;
export const HOST =
  'a host, user@host, host:port or user@host:port with a port from 1 to 65535 (IPv6 with a port: [::1]:22)';
export const DURATION = 'a duration (seconds, or like 500ms, 2m, 1h) from 0 to 365d';
