import { createLinkNumbers, type LinkNumbers } from '../hosts/link-numbers.js';
import type { RemoteAgent, RemoteRun } from './remote-agent.js';
import { RemoteHost } from './remote-host.js';
import { RemoteProcess } from './remote-process.js';
import type { Supervisor } from './supervisor.js';

export type { AgentConnection, RemoteAgent } from './remote-agent.js';

/** The links to all agents. */
export class RemoteHosts {
  readonly #hosts = new Map<string, RemoteHost>();
  /** Those with something to tell. */
  readonly #changed = new Set<RemoteHost>();
  /** Agents that have nothing to do any more, by their keys, until they have ended. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** By the keys of their agents, of the whole run. */
  readonly #numbers = new Map<string, LinkNumbers>();
  #supervisor: Supervisor | undefined;
  #run: RemoteRun | undefined;
  #flushing = false;
  #closing = false;

  connect(agents: readonly RemoteAgent[], supervisor: Supervisor, run: RemoteRun): void {
    this.#supervisor = supervisor;
    this.#run = run;
    this.add(
      agents,
      [...supervisor.supervised.values()].filter((each) => each instanceof RemoteProcess),
    );
  }

  /**
   * Processes that came later: of an agent that has some already, or of another one. Nothing of them is told before `flush`,
   * and nothing at all when it is closing: a host that was connected then would be tried for ever.
   *
   * @param agents those of them at least; who has no process among these is not connected
   */
  add(agents: readonly RemoteAgent[], processes: readonly RemoteProcess[]): void {
    if (this.#closing) return;
    const byAgent = Map.groupBy(processes, ({ spec }) => spec.agent);
    for (const agent of agents) {
      const there = byAgent.get(agent.key);
      const host = this.#hosts.get(agent.key);
      if (there === undefined) continue;
      if (host === undefined) this.#connectAgent(agent, there);
      else host.add(there);
    }
  }

  /** Tells the agents what was decided since the last time. */
  flush(): void {
    // What a host tells at once brings us here again: within each other, the calls for very many hosts fill the stack.
    if (this.#flushing) return;
    this.#flushing = true;
    for (const each of this.#changed) {
      this.#changed.delete(each);
      if (each.empty) this.#leave(each);
      else each.flush();
    }
    this.#flushing = false;
  }

  /** Lets the agents end. Resolves when they have, and their last log records have come. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#leaving.values(), ...[...this.#hosts.values()].map((each) => each.close())]);
  }

  #connectAgent(agent: RemoteAgent, processes: readonly RemoteProcess[]): void {
    const { key } = agent;
    const changed = (each: RemoteHost): void => void this.#changed.add(each);
    const numbers = this.#numbers.get(key) ?? createLinkNumbers();
    this.#numbers.set(key, numbers);
    const host = new RemoteHost({ agent, processes, supervisor: this.#supervisor!, run: this.#run!, numbers, changed });
    const before = this.#leaving.get(key);
    this.#hosts.set(key, host);
    if (before === undefined) host.run();
    else void before.then(() => host.run());
  }

  /** Nobody waits for its end, but one that comes in its place. */
  #leave(host: RemoteHost): void {
    const { key } = host;
    if (this.#closing || this.#hosts.get(key) !== host) return;
    this.#hosts.delete(key);
    this.#supervisor!.post({ type: 'host', agent: key, reachable: false });
    const end = host.close().then(() => {
      if (this.#leaving.get(key) === end) this.#leaving.delete(key);
    });
    this.#leaving.set(key, end);
  }
}
