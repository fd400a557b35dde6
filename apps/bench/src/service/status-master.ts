import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { printed, startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { FIXTURES, READY } from '../fixtures/paths.js';
import { PROCESSES, SETTLE_MS } from './status-plan.js';

/** Slaves on core, which tell how they do; the others are programs that do nothing. */
const SLAVES = PROCESSES / 2;

export interface StatusMaster {
  /** The configuration. */
  readonly file: string;
  /** Its working directory. */
  readonly folder: string;
}

/** Starts `run-master` of a Nest application. Resolves when all of its processes run. */
export async function startStatusMaster(scope: Scope): Promise<StatusMaster> {
  const folder = await scope.folder();
  const file = join(folder, 'distributed_architecture.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration(folder)));
  const args = ['run-master', '--config-file', file];
  const child = await startProgram(scope, FIXTURES.slaveApplication, { args, cwd: folder });
  await printed(child, (line) => line.endsWith(` ${READY}`), SLAVES);
  await delay(SETTLE_MS);
  return { file, folder };
}

function configuration(folder: string): object {
  const groups = {
    Slaves: { command: 'idle', console: FIXTURES.idleSlave, local: { instances_count: SLAVES } },
    Sleepers: { command: 'sleep 1000000', console: false, timeout: 0, local: { instances_count: PROCESSES - SLAVES } },
  };
  return { distributed_architecture: { name: 'bench', pid_path: folder, groups } };
}
