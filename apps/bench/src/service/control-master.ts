import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ControlClient, type GroupOptions, type QueueGroupOptions } from '@distributed-architecture/core';
import { startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';
import { CONTROL, SERVICE_FIXTURES } from './fixtures/paths.js';

/** A master in a process of its own, and its control socket. */
export interface ControlMaster {
  readonly child: ChildProcess;
  readonly socket: string;
  readonly client: ControlClient;
}

/** Resolves when all processes that are due at once were started. */
export function startControlMaster(
  scope: Scope,
  groups: readonly (GroupOptions | QueueGroupOptions)[],
): Promise<ControlMaster> {
  return start(scope, SERVICE_FIXTURES.controlMaster, [JSON.stringify(groups)]);
}

/** Its agents are played, with so many processes each. Resolves when all of them run. */
export function startPlayedMaster(scope: Scope, hosts: number, perHost: number): Promise<ControlMaster> {
  return start(scope, SERVICE_FIXTURES.playedMaster, [String(hosts), String(perHost)]);
}

async function start(scope: Scope, script: string, args: readonly string[]): Promise<ControlMaster> {
  // The lock of a fleet is there: contenders of one figure are fleets of the same name that run side by side.
  const env = { ...process.env, XDG_RUNTIME_DIR: await scope.folder() };
  const child = await startProgram(scope, script, { args, env });
  const socket = await within('a control socket', socketOf(child));
  return { child, socket, client: new ControlClient(socket) };
}

/** The master's log is read on, and the end of it shown if the master ends before it has told. */
function socketOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let last = '';
    const onLine = (line: string): void => {
      last = `${last}${line}\n`.slice(-2000);
      if (line.startsWith(CONTROL)) resolve(line.slice(CONTROL.length));
    };
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', onLine);
    child.once('close', (code, signal) => reject(new Error(`A master ended with ${code ?? signal}:\n${last}`)));
  });
}
