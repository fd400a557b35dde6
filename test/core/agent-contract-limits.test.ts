import { describe } from 'vitest';
import { useAgents } from '../support/agents.js';

useAgents();

describe('through an agent', async () => {
  await import('./exits.test.js');
  await import('./dependencies.test.js');
  await import('./memory.test.js');
  await import('./ages.test.js');
});
