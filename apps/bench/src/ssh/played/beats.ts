import type { PlayedAgent } from './played-agent.js';

/** A second in so many steps: agents do not speak at the same moment. */
const STEPS = 100;

/** A lease of 30 s is asked for ten times. */
const SECONDS_BETWEEN_LEASES = 3;

/** Lets agents speak once a second, each in its step of it. Returns the function that ends it. */
export function beat(agents: readonly PlayedAgent[]): () => void {
  let steps = 0;
  const startMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1000) * STEPS);
    while (steps < due) step(agents, steps++);
  }, 1000 / STEPS);
  return () => clearInterval(timer);
}

function step(agents: readonly PlayedAgent[], number: number): void {
  const second = Math.floor(number / STEPS);
  for (let index = number % STEPS; index < agents.length; index += STEPS) {
    const agent = agents[index]!;
    agent.summarize();
    if ((second + index) % SECONDS_BETWEEN_LEASES === 0) agent.askForLease();
  }
}
