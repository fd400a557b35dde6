export { ConsoleCommand } from './console-command.js';
export { DefaultRunMasterCommand, RunMasterCommand } from './run-master.command.js';
