import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** sshd refuses to start without it, and each connection needs it again. It puts nothing there. */
export const PRIVILEGE_SEPARATION = '/run/sshd';

/** Says that tests have made the folder. */
const MADE = 'made-by-tests';

let holders = 0;

/**
 * Makes sshd's folder if there is none. Several test processes share it: the last one that lets go removes it.
 *
 * @returns lets go
 */
export function holdPrivilegeSeparation(): () => void {
  const own = join(PRIVILEGE_SEPARATION, `used-by-${process.pid}-${++holders}`);
  // Another process may remove the folder between the two.
  for (let tries = 0; tries < 10; tries++) {
    const made = mkdirSync(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 }) !== undefined;
    if (attempt(() => writeFileSync(own, '')) && (!made || attempt(() => writeFileSync(join(own, '..', MADE), ''))))
      break;
  }
  return () => {
    rmSync(own, { force: true });
    const left = attempt(() => removeDead()) ? readdirSync(PRIVILEGE_SEPARATION) : [];
    if (left.length !== 1 || left[0] !== MADE) return;
    rmSync(join(PRIVILEGE_SEPARATION, MADE), { force: true });
    attempt(() => rmdirSync(PRIVILEGE_SEPARATION));
  };
}

/** A test process that was killed has not let go. */
function removeDead(): void {
  for (const name of readdirSync(PRIVILEGE_SEPARATION)) {
    const pid = /^used-by-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !attempt(() => process.kill(Number(pid), 0))) {
      rmSync(join(PRIVILEGE_SEPARATION, name), { force: true });
    }
  }
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
