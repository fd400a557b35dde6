import type { FeederAddress, QueueLauncherMessage } from '@distributed-architecture/core';
import { ChannelQueueHandler } from './channel-queue-handler.js';
import type { LaunchedProcess, QueueProcess } from './queue-process.js';
import { whenAborted } from './when-aborted.js';

/** The life of a consumer under its launcher: until a stop is asked for. */
export async function runConsumer<T>({ slave, channel, config, work }: QueueProcess<T>): Promise<void> {
  const { ConsumerClient } = await import('../consumer/consumer-client.js');
  const { itemLogger, tagOutput } = await import('../consumer/item-log.js');
  const { traceItems } = await import('../consumer/trace-items.js');
  const { role, key } = channel.start;
  const logger = itemLogger(slave.logger);
  const handler = new ChannelQueueHandler(slave, { role, logger, wake: () => {} });
  tagOutput(process.stdout);
  tagOutput(process.stderr);
  const { name: group, command } = slave.groupConfig;
  const handle = await traceItems<T>((item, context) => work.handleItem(handler, item, context), { group, command });
  const client = new ConsumerClient<T>({
    id: slave.id,
    incarnation: slave.incarnation,
    key: Buffer.from(key, 'base64'),
    concurrency: config.concurrency,
    handle,
    logger,
    lease: channel.lease,
  });
  channel.measureBy(() => client.measure);
  await consume(client, { slave, channel });
}

/** The part of a ConsumerClient that a launcher has to do with. */
export interface LaunchedConsumer {
  feederReady(address: FeederAddress, incarnation?: number): void;
  feederGone(incarnation?: number): Promise<void>;
  run(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs a consumer: it learns from its launcher where its feeder is, and that it has gone. */
export async function consume(client: LaunchedConsumer, { slave, channel }: LaunchedProcess): Promise<void> {
  const drain = async (incarnation: number): Promise<void> => {
    await client.feederGone(incarnation);
    channel.send({ type: 'drained', feeder: incarnation });
  };
  const receive = (message: QueueLauncherMessage): void => {
    if (message.type === 'feeder-ready') client.feederReady(message.address, message.incarnation);
    if (message.type === 'feeder-gone') drain(message.incarnation).catch((error: unknown) => slave.logger.error(error));
  };
  channel.listen(receive);
  let stopped: Promise<void> | undefined;
  whenAborted(slave.signal, () => {
    stopped = client.stop();
    stopped.catch(() => {});
  });
  await client.run();
  await stopped;
}
