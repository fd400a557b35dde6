import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentConnection } from '../launcher/remote-hosts.js';
import type { SimProcess } from './machine.js';
import { SimAgent } from './sim-agent.js';
import { SimLink } from './sim-link.js';
import type { World } from './world.js';

const RELAY_MS = 30;

/** The remote host as masters reach it: by a name that may come to mean another machine. */
export class SimRemote {
  readonly agents: SimAgent[] = [];
  #place = 0;
  /** The next connection starts an agent though one runs: two relays have raced. */
  #race = false;
  #links: SimLink[] = [];

  constructor(private readonly world: World) {}

  /** The agent that would be reached. */
  get agent(): SimAgent | undefined {
    return this.agents.findLast(({ process }) => process.alive && process.machine === this.machine);
  }

  get machine(): SimProcess['machine'] {
    return this.world.places[this.#place]!;
  }

  /** How a master reaches it. */
  connection(master: SimProcess): AgentConnection {
    return {
      connect: () => this.#connect(master),
      transport: 'SSH',
      lease: this.world.schedule.remote!.lease,
    };
  }

  move(): void {
    this.#place = 1 - this.#place;
  }

  race(): void {
    this.#race = true;
  }

  breakLinks(): void {
    for (const link of this.#links) link.reset();
    this.#links = [];
  }

  #connect(master: SimProcess): Promise<AgentLink> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        this.world.unsettled = true;
        action();
      };
      this.world.network.carry(() =>
        this.#arrive(master, (link) => {
          const answer = link === undefined ? () => reject(new Error('refused')) : () => resolve(link);
          this.world.network.carry(() => master.after(0, () => settle(answer), 'input'));
        }),
      );
    });
  }

  /** A suspended machine answers when it goes on. */
  #arrive(master: SimProcess, answer: (link: SimLink | undefined) => void): void {
    if (this.machine.suspended) return void this.world.timeline.after(RELAY_MS, () => this.#arrive(master, answer));
    if (this.world.dice.chance(0.05)) return answer(undefined);
    const agent = this.#race ? undefined : this.agent;
    this.#race = false;
    const reached = agent ?? this.#startAgent();
    const [here, there] = SimLink.pair(this.world, master, reached.process);
    this.#links.push(here);
    reached.process.after(this.world.latencyMs(), () => reached.accept(there), 'input');
    answer(here);
  }

  #startAgent(): SimAgent {
    const agent = new SimAgent(this.world, this.machine, this.agents.length + 1);
    this.world.note(() => `${agent.process.name} begins on machine ${this.machine.name}`);
    this.agents.push(agent);
    return agent;
  }
}
