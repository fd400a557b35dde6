/** For logs; whatever was thrown, and whatever its getters do. */
export function describeError(error: unknown): string {
  try {
    if (error instanceof Error) return error.stack ?? `${error.name}: ${error.message}`;
    return `${error as string}`;
  } catch {
    return 'something that cannot be shown';
  }
}
