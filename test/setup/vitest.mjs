import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './command.mjs';

/** Runs one of the projects of vitest.config.ts and counts its tests. A test that is skipped counts as failed. */
export async function runVitest(context, project) {
  const file = join(context.temporary, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runProgram(context, 'vitest', ['run', '--project', project, ...reporters]);
  const { passed, failed } = await count(file);
  await rm(file, { force: true });
  // A file that cannot be loaded, an unhandled rejection: no failed test, yet a failed run. Nor is no test at all a success.
  const hidden = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
  return { passed, failed: failed + hidden };
}

async function count(file) {
  try {
    const { numPassedTests: passed, numTotalTests: total } = JSON.parse(await readFile(file, 'utf8'));
    return { passed, failed: total - passed };
  } catch (error) {
    console.log(`No result of vitest: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}
