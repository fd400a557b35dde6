import { ExitCode, type ControlClient } from '@distributed-architecture/core';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetCommand } from './fleet-command.js';
import { findMaster, MASTER_OPTIONS } from './find-master.js';
import { statusReport } from './status-report.js';

const WATCH_MS = 1000;

/** Clears the terminal and goes to its top. */
const CLEAR = '\u001B[2J\u001B[H';

export const masterStatus: FleetCommand = {
  name: 'master:status',
  description: 'Shows the groups and processes of the master that runs',
  example: 'master:status --watch',
  options: [
    { flags: '--json', description: 'print JSON' },
    { flags: '--watch', description: 'again each second: on a terminal in place, with --json a line each' },
    ...MASTER_OPTIONS,
  ],
  async run(call) {
    const json = call.options['json'] === true;
    const master = await findMaster(call);
    if (call.options['watch'] !== true) return show(master, json ? asJson : statusReport);
    // Until somebody has enough of it, or the master is gone: that is the error of the last request.
    for (;;) {
      const text = await textOf(master, json ? asLine : statusReport);
      process.stdout.write(!json && process.stdout.isTTY ? `${CLEAR}${text}` : text);
      await sleep(WATCH_MS);
    }
  },
};

export type Status = Awaited<ReturnType<typeof statusOf>>;

type Wording = (status: Status) => string | Promise<string>;

async function show(master: ControlClient, wording: Wording): Promise<number> {
  process.stdout.write(await textOf(master, wording));
  return ExitCode.Ok;
}

async function textOf(master: ControlClient, wording: Wording): Promise<string> {
  return wording(await statusOf(master));
}

async function statusOf(master: ControlClient) {
  const [status, processes] = await Promise.all([master.status(), master.processes()]);
  return { ...status, processes };
}

function asJson(status: Status): string {
  return `${JSON.stringify(status, null, 2)}\n`;
}

function asLine(status: Status): string {
  return `${JSON.stringify(status)}\n`;
}
