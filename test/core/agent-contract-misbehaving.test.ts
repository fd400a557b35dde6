import { describe } from 'vitest';
import { useAgents } from '../support/agents.js';

useAgents();

describe('through an agent', async () => {
  await import('./misbehaving-ends.test.js');
  await import('./misbehaving-output.test.js');
  await import('./misbehaving-stops.test.js');
  await import('./spawn-problems.test.js');
  await import('./master.test.js');
});
