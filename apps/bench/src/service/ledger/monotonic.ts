const NS_PER_MS = 1e6;

/** Milliseconds by the clock that all processes of a machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS;
}
