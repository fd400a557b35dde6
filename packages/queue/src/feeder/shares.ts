/** Who may get something. */
export interface Taker {
  /** What it has. */
  readonly held: number;
  /** How much more it may have. */
  readonly room: number;
}

/**
 * Shares so many things so that afterwards all have as many as possible alike: those that have least get first, nobody
 * gets more than its room.
 */
export function fairShares<T extends Taker>(takers: readonly T[], count: number): Map<T, number> {
  const shares = new Map<T, number>();
  let left = count;
  let open = takers.filter(({ room }) => room > 0).toSorted((one, other) => one.held - other.held);
  const has = (taker: T): number => taker.held + (shares.get(taker) ?? 0);
  while (left > 0 && open.length > 0) {
    const level = levelOf(open.map(has), left);
    for (const taker of open) {
      const share = shares.get(taker) ?? 0;
      const more = Math.min(taker.room - share, Math.max(0, level - has(taker)), left);
      if (more > 0) shares.set(taker, share + more);
      left -= more;
    }
    open = open.filter((taker) => (shares.get(taker) ?? 0) < taker.room);
  }
  return shares;
}

/** @param levels ascending @returns to where so much fills the lowest of them up, at least one above the lowest */
function levelOf(levels: readonly number[], amount: number): number {
  let sum = amount;
  let filled = 0;
  for (const level of levels) {
    if (filled > 0 && level * filled >= sum) break;
    sum += level;
    filled++;
  }
  return Math.max(Math.floor(sum / filled), levels[0]! + 1);
}
