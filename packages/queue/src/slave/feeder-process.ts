import type { QueueStart } from '@distributed-architecture/core';
import type { FeedAddress } from '../transport/byte-link.js';
import { ChannelQueueHandler } from './channel-queue-handler.js';
import type { LaunchedProcess, QueueProcess } from './queue-process.js';
import { whenAborted } from './when-aborted.js';

/** The life of a feeder under its launcher: until all is answered, or a stop is asked for. */
export async function runFeeder<T>({ slave, channel, config, work }: QueueProcess<T>): Promise<void> {
  const { FeederServer } = await import('../feeder/feeder-server.js');
  const { start } = channel;
  let wake = (): void => {};
  const handler = new ChannelQueueHandler(slave, { role: start.role, logger: slave.logger, wake: () => wake() });
  const { onDemand, targetLatency: _, ...settings } = config;
  const server = new FeederServer<T>({
    ...settings,
    source: await work.getFeeder(handler),
    listen: addressesOf(start),
    key: Buffer.from(start.key, 'base64'),
    maxIdleTime: onDemand?.maxIdleTime ?? 0,
    logger: slave.logger,
    listener: {
      waiting: (waiting) => channel.waits(waiting),
      demand: (message) => channel.send(message),
      leaving: (message) => channel.send(message),
      killRequest: (message) => channel.send(message),
    },
  });
  wake = () => server.wake();
  await serve(server, { slave, channel });
}

/** The part of a FeederServer that a launcher has to do with. */
export interface ServedFeeder {
  readonly adopts: boolean;
  listen(): Promise<void>;
  run(): Promise<void>;
  stop(): Promise<void>;
  consumerGone(id: number, incarnation: number): void;
  letGo(count: number, among?: readonly number[]): void;
}

/** Runs a feeder: what its launcher says goes to it, and its readiness to the launcher. */
export async function serve(server: ServedFeeder, { slave, channel }: LaunchedProcess): Promise<void> {
  let stopped: Promise<void> | undefined;
  channel.listen((message) => {
    if (message.type === 'consumer-gone') server.consumerGone(message.id, message.incarnation);
    if (message.type === 'let-go') server.letGo(message.count, message.among);
  });
  whenAborted(slave.signal, () => {
    stopped = server.stop();
    // Whoever awaits it learns of an error; until then it is not unhandled.
    stopped.catch(() => {});
  });
  await server.listen();
  if (!slave.mustStop) channel.feederReady(server.adopts);
  await server.run();
  await stopped;
}

function addressesOf({ socket, tcp }: QueueStart): FeedAddress[] {
  return [...(socket === undefined ? [] : [{ path: socket }]), ...(tcp === undefined ? [] : [tcp])];
}
