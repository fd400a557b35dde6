import type { AgentLink } from '../agent-channel/agent-link.js';
import { LISTENER_DISPLAY, LISTENER_ID } from '../agent-channel/listener-origin.js';
import { packageVersion } from '../agent-channel/package-version.js';
import type { AgentLimits, Wanted } from '../agent-channel/terms.js';
import type { Clock } from '../clock/clock.js';
import { HostLink, type HostListener } from '../hosts/host-link.js';
import type { LogLevel, LogSink } from '../logger/logger.js';
import { RemoteProcess } from './remote-process.js';
import type { Supervisor } from './supervisor.js';

/** How the agent of a host is reached. */
export interface AgentConnection {
  /**
   * Opens a link; the text of its error is logged. It has to end in its own time: nobody else bounds it.
   *
   * @param signal aborted when nobody waits for the link any more
   */
  readonly connect: (signal?: AbortSignal) => Promise<AgentLink>;
  /** Name of the transport in the log: `<transport> connection failed`. */
  readonly transport: string;
  /** Seconds. */
  readonly lease: number;
}

/** An agent that has processes of this launcher. */
export interface RemoteAgent {
  /** `ProcessSpec.agent` of its processes. */
  readonly key: string;
  /** Name in the log. */
  readonly host: string;
  readonly connection: AgentConnection;
  /** Of the script here that is its entry script there, see `buildOf`; undefined: not known. */
  readonly build?: string;
}

/** What all links of a run share. */
export interface RemoteRun {
  readonly fleet: string;
  readonly epoch: number;
  readonly limits: AgentLimits;
  readonly hostEvents: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sink: LogSink;
}

interface ConnectedHost {
  readonly link: HostLink;
  readonly wanted: Map<number, Wanted>;
}

/** The links to all agents. */
export class RemoteHosts {
  readonly #links: ConnectedHost[] = [];
  /** Those of whose processes something else is wanted now. */
  readonly #changed = new Set<ConnectedHost>();
  #flushing = false;

  connect(agents: readonly RemoteAgent[], supervisor: Supervisor, run: RemoteRun): void {
    const remote = [...supervisor.supervised.values()].filter((each) => each instanceof RemoteProcess);
    const byAgent = Map.groupBy(remote, ({ spec }) => spec.agent);
    for (const agent of agents) {
      const there = byAgent.get(agent.key);
      if (there !== undefined) this.#connectAgent(agent, there, supervisor, run);
    }
  }

  /** Tells the agents what was decided since the last time. */
  flush(): void {
    // What a host tells at once brings us here again: within each other, the calls for very many hosts fill the stack.
    if (this.#flushing) return;
    this.#flushing = true;
    for (const each of this.#changed) {
      this.#changed.delete(each);
      each.link.want(each.wanted);
    }
    this.#flushing = false;
  }

  /** Lets the agents end. Resolves when they have, and their last log records have come. */
  async close(): Promise<void> {
    await Promise.all(this.#links.map(({ link }) => link.close()));
  }

  #connectAgent(
    { key, host, build, connection: { connect, transport, lease } }: RemoteAgent,
    processes: readonly RemoteProcess[],
    supervisor: Supervisor,
    { sink, ...run }: RemoteRun,
  ): void {
    const specs = processes.map(({ spec }) => spec);
    const listener = hostListener({ key, host }, processes, supervisor, sink);
    const full = (): Promise<void> | undefined => sink.full();
    const queueKeyOf = (group: string): string => supervisor.queueKeyOf(group);
    const options = {
      ...run,
      target: key,
      build,
      transport,
      connect,
      specs,
      listener,
      full,
      queueKeyOf,
      leaseMs: lease * 1000,
    };
    const entry = {
      link: new HostLink({ ...options, version: packageVersion() }),
      wanted: new Map<number, Wanted>(),
    };
    for (const each of processes) {
      const { id } = each.spec;
      each.connect({
        want: (wanted) => {
          entry.wanted.set(id, wanted);
          this.#changed.add(entry);
        },
        tell: (incarnation, notice) => entry.link.tell(id, incarnation, notice),
        clear: (incarnation) => entry.link.clear(id, incarnation),
      });
    }
    this.#links.push(entry);
    entry.link.run();
  }
}

function hostListener(
  { key, host }: Pick<RemoteAgent, 'key' | 'host'>,
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
      if (id === LISTENER_ID) sink.writeLines({ host, display: LISTENER_DISPLAY }, level, lines);
      else byId.get(id)?.said(level, lines);
      supervisor.gate.check();
    },
    onLog: log,
    onSummary: ({ seen, load, processors, freeMemory }) => {
      supervisor.post({ type: 'seen', ids: seen.map(({ id }) => id) });
      supervisor.setLoad(key, { load, processors, freeMemory });
    },
    onQueue: (id, incarnation, message) => byId.get(id)?.relayed(incarnation, message),
    onReachable: (reachable) => supervisor.post({ type: 'host', agent: key, reachable }),
  };
}
