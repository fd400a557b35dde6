import type { ItemContext } from '../consumer/item-context.js';
import type { Dice } from './dice.js';
import type { SimProcess } from './sim-process.js';

const WORK_MS = 20;

/** What a played handler does: it ends at once or later, throws, blocks its process, heeds its signal or does not, hangs. */
export function playHandler(
  process: SimProcess,
  context: ItemContext,
  plan: { readonly dice: Dice; readonly trouble: number; readonly mayHang: boolean },
): void | Promise<void> {
  const { dice, trouble, mayHang } = plan;
  const isTrouble = dice.chance(trouble);
  if (!isTrouble) return dice.chance(0.3) ? undefined : later(process, dice.random() * WORK_MS);
  switch (dice.pick(['throws', 'rejects', 'blocks', 'slow', 'slow', 'slow', 'minutes', 'hangs', 'heeds'] as const)) {
    case 'throws':
      throw new Error('the handler throws');
    case 'rejects':
      return later(process, dice.random() * WORK_MS, new Error('the handler rejects'));
    case 'blocks':
      return process.block(dice.pick([1, 5, 50, 1000]));
    case 'slow':
      return later(process, dice.between(50, 3000));
    case 'minutes':
      return later(process, dice.chance(0.2) ? 70_000 : 8000);
    case 'hangs':
      return mayHang ? new Promise(() => {}) : later(process, 5000);
    case 'heeds':
      return heed(process, context, dice.pick([500, 8000]));
  }
}

function later(process: SimProcess, ms: number, error?: Error): Promise<void> {
  return new Promise((resolve, reject) => {
    process.after(ms, () => (error === undefined ? resolve() : reject(error)));
  });
}

function heed(process: SimProcess, { signal }: ItemContext, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    process.after(ms, resolve);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
