import { DistributedArchitectureError, ExitCode } from './distributed-architecture-error.js';

/** Two copies of one of our packages are loaded: `instanceof` and injection would fail between them, without a word. */
export class DuplicatePackageError extends DistributedArchitectureError {
  readonly code = 'PACKAGE_DUPLICATE';
  override readonly exitCode = ExitCode.Internal;

  constructor(name: string, urls: readonly [string, string]) {
    super(`Two copies of ${name} are loaded, ${urls.join(' and ')}: install one version of it (npm ls ${name})`);
  }
}

/**
 * Refuses a second copy of a package. What was loaded is remembered where all copies find it.
 *
 * @param url of the package's entry, `import.meta.url`
 * @throws DuplicatePackageError
 */
export function assertLoadedOnce(name: string, url: string, registry: object = globalThis): void {
  const key = Symbol.for(name);
  const loaded: unknown = Reflect.get(registry, key);
  if (typeof loaded === 'string' && loaded !== url) throw new DuplicatePackageError(name, [loaded, url]);
  Reflect.set(registry, key, url);
}
