import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/**
 * Stands between all consumers and the feeder of the moment.
 *
 * - `gentle`: what a consumer has said arrives, what was on its way to it is gone, as when a process of this machine ends
 * - `lossy`: what was on its way in both directions is gone, as in a network. A consumer that is killed then, before it is
 *   back, takes with it what it had announced: no such round kills consumers
 */
export type CutKind = 'gentle' | 'lossy';

interface Pair {
  readonly consumer: Socket;
  readonly feeder: Socket;
}

export class CuttingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Somebody has been connected. */
  wasUsed = false;

  private constructor(private readonly target: string) {
    this.#server = createServer({ allowHalfOpen: true }, (consumer) => this.#accept(consumer));
  }

  /** @param target path where the feeder of the moment listens */
  static async listen(path: string, target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(path);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** @returns how many connections were cut */
  cut(kind: CutKind): number {
    const pairs = [...this.#pairs];
    for (const { consumer, feeder } of pairs) {
      if (kind === 'lossy') {
        consumer.destroy();
        feeder.destroy();
      } else {
        feeder.unpipe(consumer);
        feeder.resume();
        consumer.end();
      }
    }
    return pairs.length;
  }

  async close(): Promise<void> {
    this.cut('lossy');
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(consumer: Socket): void {
    this.wasUsed = true;
    const feeder = createConnection({ path: this.target, allowHalfOpen: true });
    const pair = { consumer, feeder };
    this.#pairs.add(pair);
    consumer.pipe(feeder);
    feeder.pipe(consumer);
    this.#endTogether(pair, consumer, feeder);
    this.#endTogether(pair, feeder, consumer);
  }

  #endTogether(pair: Pair, one: Socket, other: Socket): void {
    // Of a broken connection nothing more is to be had; what was read from it still goes to the other side.
    one.on('error', () => {});
    one.on('close', () => {
      this.#pairs.delete(pair);
      other.end();
      other.resume();
    });
  }
}
