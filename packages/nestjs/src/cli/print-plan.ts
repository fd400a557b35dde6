import {
  ControlClient,
  controlSocket,
  ExitCode,
  planFleet,
  planText,
  readPidFile,
} from '@distributed-architecture/core';
import type { MasterSettings } from '../master/master-settings.js';
import type { AnyGroupOptions } from '../master/pre-run-checks.js';
import type { CheckFormat } from './run-master-options.js';

/** Prints what would have to be done so that the master that runs, or nothing, becomes what the configuration says. */
export async function printPlan({ groups, pidFile }: MasterSettings, format: CheckFormat): Promise<number> {
  const plan = await planFleet({ groups: await runningGroups(pidFile) }, { groups });
  const text = format === 'json' ? JSON.stringify(plan, null, 2) : await planText(plan);
  process.stdout.write(`${text}\n`);
  return ExitCode.Ok;
}

async function runningGroups(pidFile: string | undefined): Promise<readonly AnyGroupOptions[]> {
  const master = pidFile === undefined ? undefined : readPidFile(pidFile);
  return master === undefined ? [] : new ControlClient(controlSocket(master.folder)).configuration();
}
