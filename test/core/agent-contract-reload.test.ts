import { describe } from 'vitest';
import { useAgents } from '../support/agents.js';

useAgents();

describe('through an agent', async () => {
  await import('./reload.test.js');
});
