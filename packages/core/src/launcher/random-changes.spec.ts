import { describe, expect, it } from 'vitest';
import { isOver } from '../process/process-record.js';
import { RandomWorld } from './random-world.spec.helper.js';

const STEPS = 200;

describe('a fleet that is changed at random', () => {
  it.each(Array.from({ length: 50 }, (_, seed) => seed))('keeps its promises, and ends (seed %i)', (seed) => {
    const world = new RandomWorld(seed);
    for (let step = 0; step < STEPS && world.finished === undefined; step++) world.step();
    world.end();
    expect(world.problems).toEqual([]);
    expect(world.finished).toBeDefined();
    expect([...world.lives.keys()]).toEqual([]);
    expect([...world.state.processes.values()].every(isOver)).toBe(true);
  });
});
