import { readFileSync } from 'node:fs';

/**
 * The clock of the cleaner script in milliseconds: time since the boot, which goes on while the machine sleeps; the time
 * of day where that cannot be read.
 */
export function scriptClockMs(platform: NodeJS.Platform = process.platform): number {
  return platform === 'linux' ? Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000 : Date.now();
}
