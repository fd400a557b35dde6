import { writeFileSync } from 'node:fs';

/** The beginning of the note of a test that this machine cannot make, as test/support/hosts.ts writes it. */
const NOT_MADE = 'not made: ';

/** Writes what the JSON report does not tell of the tests into the file that TEST_OUTCOMES names. */
export default class OutcomeReporter {
  /** Passed only when they were tried again. */
  #flaky = [];
  /** Could not be made on this machine, each with the reason. */
  #notMade = [];
  #switchedOff = [];

  onTestCaseResult(test) {
    const name = `${test.module.relativeModuleId}: ${test.fullName}`;
    if (test.diagnostic()?.flaky) this.#flaky.push(name);
    const { state, note } = test.result();
    if (state !== 'skipped') return;
    if (note?.startsWith(NOT_MADE)) this.#notMade.push({ name, reason: note });
    else this.#switchedOff.push(name);
  }

  onTestRunEnd() {
    const outcomes = { flaky: this.#flaky, notMade: this.#notMade, switchedOff: this.#switchedOff };
    if (process.env.TEST_OUTCOMES) writeFileSync(process.env.TEST_OUTCOMES, JSON.stringify(outcomes));
  }
}
