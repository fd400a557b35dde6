import { randomBytes } from 'node:crypto';
import { consumerKey } from '../channel/consumer-key.js';
import { feederSocket } from '../channel/feeder-socket.js';
import type { QueueLauncherMessage, QueueStart } from '../channel/queue-message.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { QueueNotice } from './launcher-decision.js';

const KEY_BYTES = 32;

/** How the consumers of a run reach their feeders, and are known to them. */
export class QueueLinks {
  /** Of each queue group; no process but its feeder gets it. */
  readonly #keys = new Map<string, Buffer>();

  /**
   * @param folder where feeders listen
   * @param keys of queue groups, in base64: those of the master, to its agents; others are made
   */
  constructor(
    private readonly folder: () => string,
    keys: Readonly<Record<string, string>> = {},
  ) {
    this.learn(keys);
  }

  /** Keys of more queue groups, in base64. */
  learn(keys: Readonly<Record<string, string>>): void {
    for (const [group, key] of Object.entries(keys)) this.#keys.set(group, Buffer.from(key, 'base64'));
  }

  /** The key of a queue group, in base64. */
  keyOf(group: string): string {
    return this.#keyOf(group).toString('base64');
  }

  /** Undefined for what is no part of a queue group. */
  startOf({ id, config, queue }: ProcessSpec, incarnation: number): QueueStart | undefined {
    if (queue === undefined) return undefined;
    const key = this.#keyOf(config.name);
    if (queue.role === 'consumer') {
      return { role: queue.role, key: consumerKey(key, id, incarnation).toString('base64') };
    }
    const socket = feederSocket(this.folder(), id, incarnation);
    const { listen: tcp } = queue;
    return { role: queue.role, key: key.toString('base64'), socket, ...(tcp && { tcp }) };
  }

  /** As the process itself is told. Without an address the feeder is under the same launcher. */
  message(notice: QueueNotice): QueueLauncherMessage {
    if (notice.type !== 'feeder-ready') return notice;
    const { type, feeder, incarnation, address } = notice;
    return { type, incarnation, address: address ?? { path: feederSocket(this.folder(), feeder, incarnation) } };
  }

  #keyOf(group: string): Buffer {
    const key = this.#keys.get(group) ?? randomBytes(KEY_BYTES);
    this.#keys.set(group, key);
    return key;
  }
}
