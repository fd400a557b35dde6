import type { AgentLink } from '../agent-channel/agent-link.js';
import { packageVersion } from '../agent-channel/package-version.js';
import type { AgentLimits, Wanted } from '../agent-channel/terms.js';
import type { Clock } from '../clock/clock.js';
import { HostLink, type HostListener } from '../hosts/host-link.js';
import type { LogLevel, LogSink } from '../logger/logger.js';
import { RemoteProcess } from './remote-process.js';
import type { Supervisor } from './supervisor.js';

/** How the agent of a host is reached. */
export interface AgentConnection {
  /** Opens a link; the text of its error is logged. */
  readonly connect: () => Promise<AgentLink>;
  /** Name of the transport in the log: `<transport> connection failed`. */
  readonly transport: string;
  /** Seconds. */
  readonly lease: number;
}

/** What all links of a run share. */
export interface RemoteRun {
  readonly fleet: string;
  readonly epoch: number;
  readonly limits: AgentLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sink: LogSink;
}

/** The links to the agents of all hosts that have one. */
export class RemoteHosts {
  readonly #links: { readonly link: HostLink; readonly wanted: Map<number, Wanted>; changed: boolean }[] = [];

  constructor(private readonly agents: ReadonlyMap<string, AgentConnection>) {}

  connect(supervisor: Supervisor, run: RemoteRun): void {
    const remote = [...supervisor.supervised.values()].filter((each) => each instanceof RemoteProcess);
    for (const [host, connection] of this.agents) {
      const there = remote.filter(({ spec }) => spec.origin.host === host);
      if (there.length > 0) this.#connectHost(host, connection, there, supervisor, run);
    }
  }

  /** Tells the agents what was decided since the last time. */
  flush(): void {
    for (const each of this.#links) {
      if (!each.changed) continue;
      // What it tells at once may bring us here again.
      each.changed = false;
      each.link.want(each.wanted);
    }
  }

  /** Lets the agents end. Resolves when they have, and their last log records have come. */
  async close(): Promise<void> {
    await Promise.all(this.#links.map(({ link }) => link.close()));
  }

  #connectHost(
    host: string,
    { connect, transport, lease }: AgentConnection,
    processes: readonly RemoteProcess[],
    supervisor: Supervisor,
    { sink, ...run }: RemoteRun,
  ): void {
    const specs = processes.map(({ spec }) => spec);
    const listener = hostListener(host, processes, supervisor, sink);
    const full = (): Promise<void> | undefined => sink.full();
    const options = { ...run, transport, connect, specs, listener, full, leaseMs: lease * 1000 };
    const entry = {
      link: new HostLink({ ...options, version: packageVersion() }),
      wanted: new Map<number, Wanted>(),
      changed: false,
    };
    for (const each of processes) {
      each.onWanted((wanted) => {
        entry.wanted.set(each.spec.id, wanted);
        entry.changed = true;
      });
    }
    this.#links.push(entry);
    entry.link.run();
  }
}

function hostListener(
  host: string,
  processes: readonly RemoteProcess[],
  supervisor: Supervisor,
  sink: LogSink,
): HostListener {
  const byId = new Map(processes.map((each) => [each.spec.id, each]));
  const log = (id: number | undefined, level: LogLevel, message: string, context: string | undefined): void => {
    if (id === undefined) sink.write({ host, display: 'master' }, level, message, context);
    else byId.get(id)?.logged(level, message, context);
    supervisor.gate.check();
  };
  return {
    onChange: (change) => byId.get(change.id)?.changed(change),
    onLines: (id, level, lines) => {
      byId.get(id)?.said(level, lines);
      supervisor.gate.check();
    },
    onLog: log,
    onSummary: ({ seen }) => {
      for (const { id } of seen) byId.get(id)?.seen();
    },
  };
}
