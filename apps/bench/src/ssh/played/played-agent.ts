import { Readable, Writable } from 'node:stream';
import { StreamLink, type AgentConnection } from '@distributed-architecture/core';

/** What an agent says that never measured anything. */
const LOAD = { load: 0.5, rss: 60 };
const PROCESS_MB = 45;

const FIRST_PID = 1000;

/** Of the messages between a master and an agent, what is played. */
type FromMaster =
  | { readonly type: 'hello'; readonly fleet: string; readonly epoch: number }
  | { readonly type: 'run'; readonly processes: readonly { readonly id: number }[] }
  | { readonly type: 'want'; readonly wanted: Readonly<Record<string, 'run' | 'stop' | 'kill'>> }
  | { readonly type: 'echo' | 'confirm' | 'bye' };

/**
 * An agent that has no processes: it says what one would say whose processes start at once, are seen each second and
 * stop when they are asked to. As many messages on a link as a real one sends, as bytes, with next to no work of its own.
 */
export class PlayedAgent implements AgentConnection {
  readonly transport = 'Played';
  readonly lease = 30;
  private input: Readable | undefined;
  private ids: number[] = [];
  private readonly running = new Set<number>();
  private summary: Buffer = Buffer.alloc(0);
  private sequence = 0;

  constructor(private readonly place: string) {}

  readonly connect = (): Promise<StreamLink> => {
    const input = new Readable({ read: () => {} });
    this.input = input;
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.hear(chunk.toString());
        done();
      },
    });
    return Promise.resolve(new StreamLink({ input, output }));
  };

  /** Once a second. */
  summarize(): void {
    if (this.running.size > 0) this.input?.push(this.summary);
  }

  /** What slaves tell of themselves. */
  measure(): void {
    const measured = [...this.running].map((id) => [id, 1, { rss: PROCESS_MB, cpu: 0.01, lag: 1 }]);
    this.say({ type: 'summary', ...LOAD, seen: [], measured });
  }

  askForLease(): void {
    this.say({ type: 'lease', at: performance.now() });
  }

  /** A master writes whole messages. */
  private hear(text: string): void {
    for (const line of text.slice(0, -1).split('\n')) this.react(JSON.parse(line) as FromMaster);
  }

  private react(message: FromMaster): void {
    switch (message.type) {
      case 'hello':
        return this.greet(message.fleet, message.epoch);
      case 'run':
        this.ids = message.processes.map(({ id }) => id);
        return this.prepareSummary();
      case 'want':
        return this.want(message.wanted);
      case 'bye':
        return this.leave();
      default:
        return;
    }
  }

  private greet(fleet: string, epoch: number): void {
    this.say({
      type: 'hello',
      protocol: { major: 1, minor: 0 },
      version: '0.1.0',
      build: 'played',
      node: process.versions.node,
      place: this.place,
      fleet,
      epoch,
      agent: this.place,
      running: this.ids.length > 0,
      at: performance.now(),
      capabilities: [],
    });
  }

  private leave(): void {
    const { input } = this;
    this.input = undefined;
    setImmediate(() => input?.push(null));
  }

  private prepareSummary(): void {
    const seen = this.ids.map((id, index) => [id, (index * 47) % 1000, PROCESS_MB]);
    this.summary = bytes({ type: 'summary', ...LOAD, seen });
  }

  /** What changes is told in one write, as an agent's socket would pass it on. */
  private want(wanted: Readonly<Record<string, 'run' | 'stop' | 'kill'>>): void {
    const changes = Object.entries(wanted).flatMap(([id, each]) => this.follow(Number(id), each === 'run'));
    const records = changes.map((change) => ({ type: 'record', sequence: ++this.sequence, record: change }));
    if (records.length > 0) this.push(Buffer.concat(records.map(bytes)));
  }

  private follow(id: number, run: boolean): object[] {
    if (run === this.running.has(id)) return [];
    const process = { id, pid: FIRST_PID + id, incarnation: 1 };
    if (run) {
      this.running.add(id);
      return [
        change({ ...process, state: 'starting', published: 'process_started' }),
        change({ ...process, state: 'running' }),
      ];
    }
    this.running.delete(id);
    const exit = { code: 0, signal: null, reason: 'stopped', forced: false };
    return [
      change({ ...process, state: 'stopping' }),
      change({ id, incarnation: 1, state: 'stopped', published: 'process_stopped', exit }),
    ];
  }

  private say(message: object): void {
    this.push(bytes(message));
  }

  /** Nothing comes from another machine while the master still writes. */
  private push(chunk: Buffer): void {
    setImmediate(() => this.input?.push(chunk));
  }
}

function change(what: object): object {
  return { type: 'change', change: what };
}

function bytes(message: object): Buffer {
  return Buffer.from(`${JSON.stringify(message)}\n`);
}
