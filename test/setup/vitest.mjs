import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './command.mjs';

const OUTCOME_REPORTER = fileURLToPath(new URL('outcome-reporter.mjs', import.meta.url));

/**
 * Runs one of the projects of vitest.config.ts, with more in its environment, and counts its tests. A test that is
 * skipped counts as failed, unless this machine cannot make it: then it is named in the result.
 */
export async function runVitest(context, project, more = {}) {
  const file = join(context.temporary, `${project}.json`);
  const outcomes = join(context.temporary, `${project}-outcomes.json`);
  const reporters = ['default', 'json', OUTCOME_REPORTER].map((name) => `--reporter=${name}`);
  const all = ['run', '--project', project, ...reporters, `--outputFile.json=${file}`];
  const code = await runProgram(context, 'vitest', all, { TEST_OUTCOMES: outcomes, ...more });
  const { flaky, notMade, switchedOff } = await readOutcomes(outcomes);
  const { passed, failed, failures } = await count(file, notMade.length);
  await rm(file, { force: true });
  // A file that cannot be loaded, an unhandled rejection: no failed test, yet a failed run. Nor is no test at all a success.
  const hidden = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
  const notes = [
    ...failures,
    ...switchedOff.map((name) => `Skipped: ${name}`),
    ...flaky.map((name) => `Passed at its second attempt: ${name}`),
    ...notMade.map(({ name, reason }) => `${name}: ${reason}`),
  ];
  return { passed, failed: failed + hidden, notes };
}

async function count(file, notMade) {
  try {
    const { numPassedTests: passed, numTotalTests: total, testResults } = JSON.parse(await readFile(file, 'utf8'));
    return { passed, failed: total - passed - notMade, failures: testResults.flatMap(failuresOf) };
  } catch (error) {
    console.log(`No result of vitest: ${error.message}`);
    return { passed: 0, failed: 1, failures: [] };
  }
}

/** Said again at the end of the run, where only that is kept. */
function failuresOf({ name, assertionResults }) {
  const failed = assertionResults.filter(
    ({ status, failureMessages }) => status !== 'passed' && failureMessages?.length,
  );
  return failed.map(
    ({ fullName, failureMessages }) => `${name}: ${fullName}\n${failureMessages.join('\n').slice(0, 2000)}`,
  );
}

async function readOutcomes(file) {
  const outcomes = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'));
  await rm(file, { force: true });
  return { flaky: [], notMade: [], switchedOff: [], ...outcomes };
}
