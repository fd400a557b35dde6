import { expect, it } from 'vitest';
import { ManyRound } from '../faults/service/many-round.js';

// With 2,000: `node test/dist/faults/main.js --service --processes 2000`.
const PROCESSES = 100;

it('a fleet of many programs answers, is suspended, resumed and restarted, and none is forgotten', async () => {
  const { flaws } = await new ManyRound(PROCESSES).run();
  expect(flaws).toEqual([]);
});
