import { writeFileSync } from 'node:fs';

/** Writes the names of the tests that passed only when they were tried again into the file that FLAKY_TESTS names. */
export default class FlakyReporter {
  #names = [];

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky) this.#names.push(`${test.module.relativeModuleId}: ${test.fullName}`);
  }

  onTestRunEnd() {
    if (process.env.FLAKY_TESTS) writeFileSync(process.env.FLAKY_TESTS, JSON.stringify(this.#names));
  }
}
