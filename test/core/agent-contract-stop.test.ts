import { describe } from 'vitest';
import { useAgents } from '../support/agents.js';

useAgents();

describe('through an agent', async () => {
  await import('./stop.test.js');
  await import('./timeouts.test.js');
  await import('./channel.test.js');
});
