import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './command.mjs';

const FLAKY_REPORTER = fileURLToPath(new URL('flaky-reporter.mjs', import.meta.url));

/** Runs one of the projects of vitest.config.ts and counts its tests. A test that is skipped counts as failed. */
export async function runVitest(context, project) {
  const file = join(context.temporary, `${project}.json`);
  const flaky = join(context.temporary, `${project}-flaky.json`);
  const reporters = ['default', 'json', FLAKY_REPORTER].map((name) => `--reporter=${name}`);
  const code = await runProgram(
    context,
    'vitest',
    ['run', '--project', project, ...reporters, `--outputFile.json=${file}`],
    {
      FLAKY_TESTS: flaky,
    },
  );
  const { passed, failed, failures } = await count(file);
  await rm(file, { force: true });
  // A file that cannot be loaded, an unhandled rejection: no failed test, yet a failed run. Nor is no test at all a success.
  const hidden = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
  return { passed, failed: failed + hidden, notes: [...failures, ...(await flakyTests(flaky))] };
}

async function count(file) {
  try {
    const { numPassedTests: passed, numTotalTests: total, testResults } = JSON.parse(await readFile(file, 'utf8'));
    return { passed, failed: total - passed, failures: testResults.flatMap(failuresOf) };
  } catch (error) {
    console.log(`No result of vitest: ${error.message}`);
    return { passed: 0, failed: 1, failures: [] };
  }
}

/** Said again at the end of the run, where only that is kept. */
function failuresOf({ name, assertionResults }) {
  const failed = assertionResults.filter(({ status }) => status !== 'passed');
  return failed.map(
    ({ fullName, failureMessages = [] }) => `${name}: ${fullName}\n${failureMessages.join('\n').slice(0, 2000)}`,
  );
}

/** A test that failed and then passed is no failure, but nothing to be silent about. */
async function flakyTests(file) {
  const names = JSON.parse(await readFile(file, 'utf8').catch(() => '[]'));
  await rm(file, { force: true });
  return names.map((name) => `Passed at its second attempt: ${name}`);
}
