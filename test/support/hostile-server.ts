import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server of this machine until the end of the test, and its connections with it. */
export async function startServer(serve: (socket: Socket) => void): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    // What does not read does not learn of the end.
    socket.resume();
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

export type Trouble = 'end' | 'reset' | 'silence';

/** What becomes of a connection after so many bytes of the server. */
export interface Break {
  readonly type: Trouble;
  readonly after: number;
}

/** Stands between clients and a server of this machine. */
export class Wire {
  /** Where the chunks of the server have ended. */
  readonly steps: number[] = [];

  private constructor(
    private readonly target: number,
    private readonly trouble: Break | undefined,
  ) {}

  static async to(target: number, trouble?: Break): Promise<Wire & { readonly port: number }> {
    const wire = new Wire(target, trouble);
    const { port } = await startServer((client) => wire.#carry(client));
    return Object.assign(wire, { port });
  }

  #carry(client: Socket): void {
    const { type, after = Infinity } = this.trouble ?? {};
    const server = connect(this.target, '127.0.0.1').on('error', () => {});
    server.once('close', () => type !== 'silence' && client.destroy());
    client.once('close', () => server.destroy());
    client.on('data', (chunk) => server.write(chunk));
    let passed = 0;
    server.on('data', (chunk: Buffer) => {
      if (passed < after) client.write(chunk.subarray(0, after - passed));
      passed += chunk.length;
      this.steps.push(passed);
      if (passed < after) return;
      if (type === 'end') client.end();
      if (type === 'reset') client.resetAndDestroy();
    });
  }
}
