const MAX_LENGTH = 64;

/** The nearest of the known words, or undefined when none is near. Case, `_` and `-` make no difference. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const plain = simplify(word);
  const limit = Math.min(3, Math.max(1, Math.floor(plain.length / 3)));
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(plain, simplify(candidate)) }))
    .filter((entry) => entry.distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** ` (did you mean "timeout"?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = suggest(word, known);
  return nearest === undefined || nearest === word ? '' : ` (did you mean "${nearest}"?)`;
}

function simplify(word: string): string {
  return word.toLowerCase().replace(/[_\- ]/g, '');
}

/** Edits from one word to the other; two neighbours that are swapped count once (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
