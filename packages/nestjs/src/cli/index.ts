// A slave loads this file: the commands themselves, which need nest-commander, are in `/commands`.
export type { ConsoleOptions, LoadedRoot, RootLoader, RootModule } from './console-options.js';
export { runConsole } from './run-console.js';
