import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';

/**
 * A folder that holds only so many bytes, gone when the test ends.
 *
 * @throws where none can be had: a test of a full disk cannot do without
 */
export async function tinyDisk(bytes: number): Promise<string> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    throw new Error('This test needs the right to mount a tmpfs (root, CAP_SYS_ADMIN)', { cause: error });
  }
  // Whoever still has a file open there must not keep the mount: lazily it goes when the last of them ends.
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
