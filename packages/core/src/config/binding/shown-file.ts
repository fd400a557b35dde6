import { isAbsolute, relative, sep } from 'node:path';

/** As people would write it: relative where it lies below the working directory. */
export function shownFile(full: string, cwd: string): string {
  const below = relative(cwd, full);
  return below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? full : below;
}
