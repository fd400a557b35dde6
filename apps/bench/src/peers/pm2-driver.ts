/**
 * A process that speaks to pm2's daemon: pm2's client keeps its home folder and settings in module state, so each
 * daemon that is measured gets a client process of its own, steered over the IPC channel.
 *
 * In: { id, method, args }. Out: { id, error?, result? } once, and { line: true } for each line of a program's output
 * after the method `watch`. When the channel closes, the daemon is ended.
 */
import pm2 from 'pm2';
import type { Pm2Reply, Pm2Request } from './pm2-protocol.js';

type Callback = (error: Error | null, result?: unknown) => void;
type Call = (callback: Callback) => void;
interface LogPacket {
  readonly data: string;
}
interface Bus {
  on(event: 'log:out', listener: (packet: LogPacket) => void): void;
}

/** After the channel has closed there is nobody to tell. */
function send(message: Pm2Reply): void {
  if (process.connected) process.send?.(message);
}

function call(invoke: Call): Promise<unknown> {
  return new Promise((resolve, reject) => invoke((error, result) => (error ? reject(error) : resolve(result))));
}

async function watch(): Promise<void> {
  const bus = (await call((callback) => pm2.launchBus(callback))) as Bus;
  bus.on('log:out', ({ data }) => {
    for (const line of data.split('\n')) if (line) send({ line });
  });
}

async function pids(): Promise<number[]> {
  const list = (await call((callback) => pm2.list(callback))) as { pid: number }[];
  return list.map(({ pid }) => pid);
}

async function run({ method, args }: Pm2Request): Promise<unknown> {
  switch (method) {
    case 'connect':
      return call((callback) => pm2.connect(callback)).then(() => undefined);
    case 'watch':
      return watch();
    case 'start':
      return call((callback) => pm2.start(args as pm2.StartOptions, callback)).then(() => undefined);
    case 'pids':
      return pids();
    case 'stop':
      return call((callback) => pm2.stop('all', callback)).then(() => undefined);
    case 'reload':
      return call((callback) => pm2.reload('all', callback)).then(() => undefined);
    case 'delete':
      return call((callback) => pm2.delete('all', callback)).then(() => undefined);
    case 'kill':
      return call((callback) => pm2.killDaemon(callback)).then(() => undefined);
  }
}

process.on('message', (request: Pm2Request) => {
  run(request).then(
    (result) => send({ id: request.id, result }),
    (error: unknown) => send({ id: request.id, error: String(error) }),
  );
});
// Ctrl-C reaches the whole terminal's group; the daemon is ended by the benchmark, which needs this process for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => {
  const end = () => process.exit(0);
  run({ id: 0, method: 'kill' }).then(end, end);
});
