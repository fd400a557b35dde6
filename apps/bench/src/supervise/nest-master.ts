import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printed, startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { FIXTURES, READY } from '../fixtures/paths.js';

/** Starts `run-master` of a Nest application with one group of idle slaves. Resolves when all of them are ready. */
export async function startNestMaster(scope: Scope, slaves: number): Promise<ChildProcess> {
  const folder = await scope.folder();
  const file = join(folder, 'distributed_architecture.yaml');
  await writeFile(file, configuration(slaves));
  const child = await startProgram(scope, FIXTURES.slaveApplication, {
    args: ['run-master', '--config-file', file],
    cwd: folder,
  });
  await printed(child, (line) => line.endsWith(` ${READY}`), slaves);
  return child;
}

function configuration(slaves: number): string {
  return `distributed_architecture:
  name: bench
  groups:
    Idle:
      command: bench:idle
      local: { instances_count: ${slaves} }
`;
}
