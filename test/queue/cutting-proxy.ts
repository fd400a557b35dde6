import { createServer, createConnection, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** After how many bytes the first connection is cut; the rest of them never arrives. */
export interface Cut {
  readonly from: 'consumer' | 'feeder';
  readonly afterBytes: number;
}

/** Stands between a consumer and its feeder, on a unix socket of its own. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #target: string;
  #cut: Cut | undefined;
  /** Of consumers, so far. */
  connections = 0;

  private constructor(target: string, cut: Cut) {
    this.#target = target;
    this.#cut = cut;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen(path: string, target: string, cut: Cut): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target, cut);
    proxy.#server.listen(path);
    await once(proxy.#server, 'listening');
    onTestFinished(() => proxy.#close());
    return proxy;
  }

  /** Whether the cut has happened. */
  get hasCut(): boolean {
    return this.#cut === undefined;
  }

  #accept(consumer: Socket): void {
    this.connections += 1;
    const feeder = createConnection(this.#target);
    this.#join({ from: 'consumer', source: consumer, target: feeder });
    this.#join({ from: 'feeder', source: feeder, target: consumer });
  }

  #join({ from, source, target }: { from: Cut['from']; source: Socket; target: Socket }): void {
    this.#open.add(source);
    let bytes = 0;
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const over = this.#cut?.from === from ? bytes - this.#cut.afterBytes : -1;
      if (over < 0) return void target.write(chunk);
      this.#cut = undefined;
      // What was read before still arrives, to the last byte.
      target.end(chunk.subarray(0, chunk.length - over));
      source.destroy();
    });
    source.on('error', () => {});
    source.on('close', () => {
      this.#open.delete(source);
      target.end();
    });
  }

  #close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
