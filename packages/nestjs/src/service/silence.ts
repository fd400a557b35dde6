/** Seconds: as long as a master bears it that nothing is seen of any process, by default. */
const DEFAULT = 300;

/** Less is no time for an application to boot in. */
const SHORTEST = 60;

/**
 * How long nothing may happen while a service starts.
 *
 * @param timeout the master's `--timeout` in seconds; 0 or undefined: the default
 */
export function silenceMsOf(timeout: number | undefined): number {
  return Math.max(timeout || DEFAULT, SHORTEST) * 1000;
}
