import type { Wanted } from '../agent-channel/terms.js';
import { LISTENER_DISPLAY, LISTENER_ID } from '../agent-channel/listener-origin.js';
import { packageVersion } from '../agent-channel/package-version.js';
import { HostLink } from '../hosts/host-link.js';
import type { HostListener } from '../hosts/host-link-options.js';
import type { LinkNumbers } from '../hosts/link-numbers.js';
import type { LogSink } from '../logger/logger.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { RemoteAgent, RemoteRun } from './remote-agent.js';
import type { RemoteLine, RemoteProcess } from './remote-process.js';
import type { Supervisor } from './supervisor.js';

export interface RemoteHostOptions {
  readonly agent: RemoteAgent;
  readonly processes: readonly RemoteProcess[];
  readonly supervisor: Supervisor;
  readonly run: RemoteRun;
  /** Of the agent, over its links of the run. */
  readonly numbers: LinkNumbers;
  /** It has something to tell: `flush` is to be called. */
  readonly changed: (host: RemoteHost) => void;
}

/** The processes under one agent, and the link to it. */
export class RemoteHost {
  readonly #options: RemoteHostOptions;
  readonly #link: HostLink;
  readonly #processes = new Map<number, RemoteProcess>();
  readonly #wanted = new Map<number, Wanted>();
  /** Those that were to run again since the last flush, whatever is wanted of them now. */
  readonly #renewed = new Set<number>();
  #added: ProcessSpec[] = [];
  #forgotten: number[] = [];

  constructor(options: RemoteHostOptions) {
    const { agent, processes, supervisor, run, numbers } = options;
    const { sink, ...shared } = run;
    const { connect, transport, lease } = agent.connection;
    this.#options = options;
    for (const each of processes) this.#processes.set(each.spec.id, each);
    this.#link = new HostLink({
      ...shared,
      target: agent.key,
      build: agent.build,
      transport,
      connect,
      specs: processes.map(({ spec }) => spec),
      numbers,
      listener: hostListener(agent, this.#processes, supervisor, sink),
      full: () => sink.full(),
      queueKeyOf: (group) => supervisor.queueKeyOf(group),
      leaseMs: lease * 1000,
      version: packageVersion(),
    });
    for (const each of processes) each.connect(this.#lineOf(each));
  }

  get key(): string {
    return this.#options.agent.key;
  }

  /** No process is left. */
  get empty(): boolean {
    return this.#processes.size === 0;
  }

  run(): void {
    this.#link.run();
  }

  add(processes: readonly RemoteProcess[]): void {
    for (const each of processes) {
      this.#processes.set(each.spec.id, each);
      this.#added.push(each.spec);
      each.connect(this.#lineOf(each));
    }
    this.#options.changed(this);
  }

  /** Tells the agent what was decided since the last time. */
  flush(): void {
    const [added, forgotten, renewed] = [this.#added, this.#forgotten, new Set(this.#renewed)];
    this.#added = [];
    this.#forgotten = [];
    this.#renewed.clear();
    if (added.length > 0 || forgotten.length > 0) this.#link.amend(added, forgotten);
    this.#link.want(this.#wanted, renewed);
  }

  /** Resolves when the agent has ended, and its last log records have come. */
  close(): Promise<void> {
    return this.#link.close();
  }

  #lineOf({ spec: { id } }: RemoteProcess): RemoteLine {
    return {
      want: (wanted) => this.#want(id, wanted),
      tell: (incarnation, notice) => this.#link.tell(id, incarnation, notice),
      clear: (incarnation) => this.#link.clear(id, incarnation),
      forget: () => this.#forget(id),
    };
  }

  #want(id: number, wanted: Wanted): void {
    if (wanted === 'run' && (this.#wanted.get(id) ?? 'run') !== 'run') this.#renewed.add(id);
    this.#wanted.set(id, wanted);
    this.#options.changed(this);
  }

  #forget(id: number): void {
    this.#processes.delete(id);
    this.#wanted.delete(id);
    this.#renewed.delete(id);
    this.#forgotten.push(id);
    this.#options.changed(this);
  }
}

function hostListener(
  { key, host }: Pick<RemoteAgent, 'key' | 'host'>,
  processes: ReadonlyMap<number, RemoteProcess>,
  supervisor: Supervisor,
  sink: LogSink,
): HostListener {
  return {
    onChange: (change) => processes.get(change.id)?.changed(change),
    onLines: (id, level, lines) => {
      if (id === LISTENER_ID) sink.writeLines({ host, display: LISTENER_DISPLAY }, level, lines);
      else processes.get(id)?.said(level, lines);
      supervisor.gate.check();
    },
    onLog: (id, level, message, context) => {
      if (id === undefined) sink.write({ host, display: 'master' }, level, message, context);
      else processes.get(id)?.logged(level, message, context);
      supervisor.gate.check();
    },
    onSummary: ({ seen, measured, load, processors, freeMemory }) => {
      for (const { id, incarnation, measure } of measured) supervisor.measured(id, incarnation, measure);
      supervisor.post({ type: 'seen', ids: seen.map(({ id }) => id) });
      supervisor.setLoad(key, { load, processors, freeMemory });
    },
    onQueue: (id, incarnation, message) => processes.get(id)?.relayed(incarnation, message),
    onReachable: (reachable) => supervisor.post({ type: 'host', agent: key, reachable }),
  };
}
