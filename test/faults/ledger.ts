import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What processes have written themselves: that a life before was still there when they began. */
export function meetings(folder: string): string[] {
  const files = globSync(join(folder, '*.met'));
  return files.flatMap((file) => linesOf(file).map((line) => `${file.slice(folder.length + 1)}: ${line}`));
}

/**
 * What is wrong with what one master told: each start has one exit, and comes after the exit before it.
 *
 * @param clean whether the master ended by itself, so that nothing may be open
 */
export function flawsOf(told: readonly string[], clean: boolean): string[] {
  const flaws: string[] = [];
  const open = new Map<string, string>();
  const seen = new Set<string>();
  for (const line of told.filter((each) => each !== 'end')) {
    const [what = '', incarnation = '', reason = ''] = line.split(' ');
    const [id = ''] = incarnation.split('.');
    if (what === 'start') {
      if (open.has(id) || seen.has(incarnation)) flaws.push(`${line}: while ${open.get(id) ?? 'told before'}`);
      open.set(id, incarnation);
      seen.add(incarnation);
    } else {
      const neverRan = reason === 'spawn-failed' || !seen.has(incarnation);
      if (open.get(id) !== incarnation && !(neverRan && !open.has(id))) flaws.push(`${line}: not open`);
      if (seen.has(`exit ${incarnation}`)) flaws.push(`${line}: told twice`);
      seen.add(`exit ${incarnation}`);
      open.delete(id);
    }
  }
  if (clean && !told.includes('end')) flaws.push('it did not end by itself');
  if (clean) flaws.push(...[...open.values()].map((each) => `start ${each}: no exit`));
  return flaws;
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
