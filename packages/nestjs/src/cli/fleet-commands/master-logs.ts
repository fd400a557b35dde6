import { ExitCode, type LogLine } from '@distributed-architecture/core';
import { UsageError } from '../../commands/command-errors.js';
import { visible } from '../visible.js';
import type { FleetCommand } from './fleet-command.js';
import { findMaster, MASTER_OPTIONS } from './find-master.js';

const DEFAULT_LINES = 100;

export const masterLogs: FleetCommand = {
  name: 'master:logs',
  description: 'Prints the last lines of a group, as far as the master has them in memory',
  example: 'master:logs "First Group" --follow --lines 20',
  arguments: [{ name: '[group]', description: 'name of a group (default: all groups)' }],
  options: [
    { flags: '--follow', description: 'go on with what is said from now on' },
    { flags: '--lines <count>', description: `lines to begin with (default: ${DEFAULT_LINES})` },
    ...MASTER_OPTIONS,
  ],
  async run(call) {
    const [group] = call.args;
    const lines = countOf(call.options['lines']);
    const master = await findMaster(call);
    if (call.options['follow'] === true) {
      for await (const line of master.followLogs({ group, lines })) print('type' in line ? dropped(line) : text(line));
    } else for (const line of await master.logs({ group, lines })) print(text(line));
    return ExitCode.Ok;
  },
};

/** As it is in the log. */
function text({ at, level, group, host, display, line }: LogLine): string {
  const origin = [group, host, display].filter((part) => part !== undefined);
  return shown(`${at} ${level} ${origin.map((part) => `[${part}]`).join(' ')} ${line}`);
}

/** On a terminal what a process says may be coloured, but not move the cursor or do worse; for programs it is as it was. */
function shown(text: string): string {
  return process.stdout.isTTY ? visible(text) : text;
}

function dropped({ count }: { readonly count: number }): string {
  return `... ${count} lines left out: they came faster than they were read`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @throws UsageError */
function countOf(text: string | true | undefined): number {
  if (typeof text !== 'string') return DEFAULT_LINES;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new UsageError(`--lines: found "${text}", expected a whole number from 1 to 10000`);
  return Number(text);
}
