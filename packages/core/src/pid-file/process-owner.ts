import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PS_ENVIRONMENT } from '../run-directory/process-identity.js';

/**
 * The user that a process belongs to; undefined when there is none, or when it acts for another than who has started it.
 *
 * Not the owner of `/proc/<pid>`: that is root for a process that was root and has become another (proc(5), dumpable).
 */
export function ownerOf(pid: number): number | undefined {
  const ids = process.platform === 'linux' ? idsFromProc(pid) : idsFromPs(pid);
  const [first, ...others] = ids;
  return others.length > 0 && others.every((id) => id === first) ? Number(first) : undefined;
}

/** Real, effective, saved and that of the file system. */
function idsFromProc(pid: number): readonly string[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return /^Uid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  } catch {
    return [];
  }
}

function idsFromPs(pid: number): readonly string[] {
  try {
    const args = ['-o', 'ruid=', '-o', 'uid=', '-p', String(pid)];
    const text = execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, ...PS_ENVIRONMENT } });
    return text.trim().split(/\s+/);
  } catch {
    return [];
  }
}
