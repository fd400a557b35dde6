import { describe } from 'vitest';
import { useAgents } from '../support/agents.js';

useAgents();

describe('through an agent', async () => {
  await import('./output.test.js');
  await import('./programs.test.js');
  await import('./many.test.js');
  await import('./readiness.test.js');
});
