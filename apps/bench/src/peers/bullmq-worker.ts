/**
 * BullMQ in one process: all jobs are in Redis before the clock starts, then a worker with a concurrency of 50 and an
 * empty processor takes them. Completed jobs are removed at once, which is a little faster than to keep them.
 */
import { Queue, Worker } from 'bullmq';
import { reportResult } from '../harness/report-result.js';

const CONCURRENCY = 50;
const BULK = 1000;

const [items, path] = [Number(process.argv[2]), process.argv[3]!];
const connection = { path, maxRetriesPerRequest: null };
process.once('SIGTERM', () => process.exit(1));

const queue = new Queue('tiny', { connection });
for (let first = 0; first < items; first += BULK) {
  const length = Math.min(BULK, items - first);
  await queue.addBulk(Array.from({ length }, (_, index) => ({ name: 'item', data: { id: first + index } })));
}

const worker = new Worker('tiny', async () => undefined, {
  connection,
  concurrency: CONCURRENCY,
  autorun: false,
  removeOnComplete: { count: 0 },
});
const all = Promise.withResolvers<void>();
let completed = 0;
worker.on('completed', () => {
  if (++completed === items) all.resolve();
});
worker.on('failed', (_job, error) => all.reject(error));
worker.on('error', (error) => all.reject(error));
const startMs = performance.now();
worker.run().catch((error: unknown) => all.reject(error));
await all.promise;
reportResult({ itemsPerSecond: items / ((performance.now() - startMs) / 1000) });
await worker.close();
await queue.close();
