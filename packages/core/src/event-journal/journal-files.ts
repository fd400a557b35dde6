import { join } from 'node:path';

/** What is added to. */
export function presentFile(folder: string): string {
  return join(folder, 'events.jsonl');
}

/** What was full. */
export function formerFile(folder: string): string {
  return join(folder, 'events.1.jsonl');
}
