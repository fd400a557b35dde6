/** What a call gave, whether it waits or not; a promise is awaited only where there is one. */
export function whenDone<T>(
  call: () => T | PromiseLike<T>,
  done: (result: T) => void,
  failed: (error: unknown) => void,
): void {
  let result: T | PromiseLike<T>;
  try {
    result = call();
  } catch (error) {
    return failed(error);
  }
  // oxlint-disable-next-line promise/no-callback-in-promise -- a promise only where there is one: sources are mostly synchronous
  if (isPromise(result)) result.then(done, failed);
  else done(result);
}

export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<T>).then === 'function';
}
