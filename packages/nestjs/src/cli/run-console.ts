import { isListener, isRelay, runRelay, SlaveSession } from '@distributed-architecture/core';
import { quietSignal } from '../service/quiet-signal.js';
import type { ConsoleOptions, RootModule } from './console-options.js';
import { fleetCommandOf } from './fleet-commands/fleet-command-names.js';
import { flushOutput } from './flush-output.js';
import { loadRoot } from './load-root.js';

quietSignal();

/**
 * The whole main.ts of a console: runs the command that the command line names and ends with its exit code. As a slave
 * of a launcher it runs the slave command without loading a command line's modules; by `run-agent` it is the way to the
 * agent of this host, without loading Nest; started by that agent it publishes the events of the host (`hostEvents`).
 * Commands that look at the fleet or its configuration (`master:*`, `config:*`) run without booting the application.
 *
 * ```ts
 * await runConsole(AppModule);
 * ```
 */
export async function runConsole(root: RootModule, options: ConsoleOptions = {}): Promise<void> {
  if (isRelay()) return runRelay();
  try {
    if (isListener()) return await runListener(root, options);
    const session = await SlaveSession.open();
    if (session === null) await runCommandLine(root, options);
    else await runSlave(session, root, options);
  } catch (error) {
    // With it comes Nest, which a relay does without.
    const { reportError } = await import('./report-error.js');
    await exit(reportError(error));
  }
}

async function runSlave(session: SlaveSession, root: RootModule, options: ConsoleOptions): Promise<void> {
  const { runSlaveApplication } = await import('../slave/run-slave-application.js');
  await exit(
    await runSlaveApplication(session, { root: await loadRoot(root), command: process.argv[2] ?? '', options }),
  );
}

async function runListener(root: RootModule, options: ConsoleOptions): Promise<void> {
  const { runListenerApplication } = await import('../agent/run-listener-application.js');
  await exit(await runListenerApplication(await loadRoot(root), options));
}

async function runCommandLine(root: RootModule, options: ConsoleOptions): Promise<void> {
  const fleetCommand = fleetCommandOf(process.argv);
  if (fleetCommand !== undefined) {
    const { runFleetCommand } = await import('./fleet-commands/run-fleet-command.js');
    const ended = await runFleetCommand(fleetCommand, root, options);
    if (ended !== undefined) return exit(ended);
  }
  const { runCommandLineApplication } = await import('./run-command-line-application.js');
  const { role, exitCode } = await runCommandLineApplication(await loadRoot(root), options);
  // Another command of the application may have left a server running: it ends when that does.
  if (role !== 'none' || exitCode !== 0) await exit(exitCode);
}

/** Ends the process, also when the application has left a timer or a connection. */
async function exit(exitCode: number): Promise<never> {
  await flushOutput();
  process.exit(exitCode);
}
