import { Logger, type INestApplicationContext } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { ExitCode, listenToAgent, type LifecycleEventSource } from '@distributed-architecture/core';
import { closeWithin, configure } from '../cli/application-life.js';
import type { ConsoleOptions, LoadedRoot } from '../cli/console-options.js';
import { findEventEmitter } from '../events/find-event-emitter.js';
import { describeListenerError } from '../events/listener-caller.js';
import { chooseLogger } from '../logging/choose-logger.js';
import { EventPublisher } from '../master/event-publisher.js';
import { listenerLogger } from './listener-logger.js';

/** The agent, or its watchdog, waits no longer than a second more. */
const CLOSE_LIMIT_MS = 4000;

/**
 * Boots the application beside the agent of this host, and publishes the events of the host's launcher in it until the
 * agent has ended.
 *
 * @returns the exit code
 */
export async function runListenerApplication(root: LoadedRoot, options: ConsoleOptions): Promise<number> {
  const agent = await listenToAgent(report);
  const logger = await chooseLogger(options.logger, listenerLogger);
  const app = await NestFactory.createApplicationContext(root, { logger, abortOnError: false });
  await configure(app, options);
  await publish(app, agent.events);
  await agent.run();
  await closeWithin(app, CLOSE_LIMIT_MS);
  return ExitCode.Ok;
}

async function publish(app: INestApplicationContext, events: LifecycleEventSource): Promise<void> {
  const emitter = await findEventEmitter(app.get(ModuleRef));
  if (emitter === undefined) {
    return Logger.warn('hostEvents has no effect: import EventEmitterModule.forRoot()', 'Listener');
  }
  new EventPublisher(emitter, report).attach(events);
}

function report(name: string, error: unknown): void {
  Logger.error(describeListenerError(name, error), 'Listener');
}
