import type { Scope } from './scope.js';

export type Outcome<T> = { readonly signal: number } | { readonly signal?: undefined; readonly value: T };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the work and then closes the scope; a signal closes it at once, and what the work then throws is of no interest. */
export async function untilSignal<T>(scope: Scope, work: () => Promise<T>): Promise<Outcome<T>> {
  const signalled = Promise.withResolvers<number>();
  const onSignal = (_name: NodeJS.Signals, number: number) => signalled.resolve(number);
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const working = work().then((value) => ({ value }));
    const outcome = await Promise.race([working, signalled.promise.then((signal) => ({ signal }))]);
    if ('signal' in outcome) working.catch(() => undefined);
    return outcome;
  } finally {
    await scope.close();
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
