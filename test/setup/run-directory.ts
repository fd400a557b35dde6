import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** A watchdog may still be at work when the last process of its launcher is gone. */
const GRACE_MS = 3000;

/** What a fleet with a name leaves: its last lock, and its journal of events. */
const LOCK = /^[^/]+\/[^/.][^/]*\/(?:run-\d+\/(?:owner|released)|events(?:\.1)?\.jsonl)$/;

/** The masters of a test file have a run directory of their own: their fleets have one name in many files. */
const folder = mkdtempSync(join(tmpdir(), 'da-run-'));
process.env.XDG_RUNTIME_DIR = folder;

afterAll(async () => {
  const deadline = performance.now() + GRACE_MS;
  while (left().length > 0 && performance.now() < deadline) await delay(20);
  const found = left();
  rmSync(folder, { recursive: true, force: true });
  if (found.length > 0) throw new Error(`Left in the run directory:\n${found.join('\n')}`);
});

function left(): string[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() || entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return paths.filter((path) => !LOCK.test(path));
}
