import { expect, it } from 'vitest';
import { OperationsRound } from '../faults/service/operations-round.js';

// Longer ones, and many: `node test/dist/faults/main.js --service`.
const SECONDS = 4;

it.concurrent.each([
  ['that harm nothing: no item is lost or doubled', false],
  ['some of which kill: nothing is forgotten', true],
])('operators change a fleet under load in any order, by commands %s, and nothing is left', async (_what, kills) => {
  const seed = Date.now() % 1_000_000;
  const flaws = await new OperationsRound({ seed, seconds: SECONDS, kills }).run();
  expect(flaws.length === 0 ? [] : [`seed ${seed}`, ...flaws]).toEqual([]);
});
