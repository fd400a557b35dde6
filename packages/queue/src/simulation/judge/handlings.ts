import type { Handling } from '../truth.js';
import { named, type RuleMaker } from './rule.js';

/** An item is handled once, or again when nobody knows of the first time; never twice at a time, never unannounced. */
export const handlings: RuleMaker = ({ consumers }, fail) => ({
  begins(handling) {
    const { item, consumer } = handling;
    if (!consumer.announced.has(item)) fail('begun-announced', `${consumer.name} begins ${named(item)} unannounced`);
    for (const before of item.handlings) {
      const problem = problemOf(before, handling);
      if (problem !== undefined) fail('no-double', `${named(item)} begins in ${consumer.name}: ${problem}`);
    }
  },
  drained(consumer, incarnation) {
    if (!consumers.includes(consumer)) return;
    for (const { item, life } of consumer.handlings) {
      if (life !== undefined && life.incarnation <= incarnation) {
        fail('drained', `${consumer.name} still handles ${named(item)}`);
      }
    }
  },
});

function problemOf(before: Handling, { item, life }: Handling): string | undefined {
  const { consumer } = before;
  const where = `in ${consumer.name} it was begun before`;
  if (consumer.alive && before.outcome === undefined) return `${where}, and goes on`;
  // Its feeder asked for the kill and hands out again what was begun there; or a store does so that knows of no answer.
  if (!consumer.alive && (consumer.killAsked || before.life !== life)) return undefined;
  if (before.life !== life && item.unadopted) return undefined;
  return `${where}, and was ${before.outcome ?? 'lost'}`;
}
