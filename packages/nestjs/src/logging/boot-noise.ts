const BOOT_CONTEXTS: ReadonlySet<string> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
  'WebSocketsController',
  'LazyModuleLoader',
]);

const NOISY_LEVELS: ReadonlySet<string> = new Set(['log', 'debug', 'verbose']);

/** True for what Nest tells of its own boot: fifty slaves would say it fifty times. Warnings and errors are no noise. */
export function isBootNoise(level: string, context: string | undefined): boolean {
  return context !== undefined && BOOT_CONTEXTS.has(context) && NOISY_LEVELS.has(level);
}

/** True for the error of a failed boot, which Nest logs and throws: under `runConsole` whoever catches it reports it. */
export function isThrownAsWell(context: string | undefined): boolean {
  return context === 'ExceptionHandler';
}
