import {
  ControlClient,
  controlSocket,
  ExitCode,
  planFleet,
  planText,
  readPidFile,
  type FleetConfiguration,
} from '@distributed-architecture/core';
import type { MasterSettings } from '../master/master-settings.js';
import type { CheckFormat } from './run-master-options.js';

/** Prints what would have to be done so that the master that runs, or nothing, becomes what the configuration says. */
export async function printPlan(settings: MasterSettings, format: CheckFormat): Promise<number> {
  const plan = await planFleet(await present(settings), settings.configuration);
  const text = format === 'json' ? JSON.stringify(plan, null, 2) : await planText(plan);
  process.stdout.write(`${text}\n`);
  return ExitCode.Ok;
}

/** Without a master nothing of it takes effect later. */
async function present({ pidFile, configuration }: MasterSettings): Promise<FleetConfiguration> {
  const master = pidFile === undefined ? undefined : readPidFile(pidFile);
  if (master === undefined) return { ...configuration, groups: [] };
  return new ControlClient(controlSocket(master.folder), { pid: master.pid }).configuration();
}
