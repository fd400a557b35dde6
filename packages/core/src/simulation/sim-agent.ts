import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentSpec } from '../agent-channel/terms.js';
import type { AgentEngine, AgentEngineFactory, AgentEngineListener } from '../agent/agent-engine.js';
import { AgentSession } from '../agent/agent-session.js';
import { LauncherAgentEngine } from '../agent/launcher-agent-engine.js';
import { Dice } from './dice.js';
import type { Machine, SimProcess } from './machine.js';
import { ProgramClock } from './program-clock.js';
import { SimHost } from './sim-host.js';
import { Tenancy } from './sim-run.js';
import type { World } from './world.js';

/** A life of an agent: its session and engine themselves, in a simulated process. */
export class SimAgent {
  readonly process: SimProcess;
  /** The latest run that it serves. */
  tenancy: Tenancy | undefined;
  readonly #session: AgentSession;
  readonly #clock: ProgramClock;
  readonly #dice: Dice;

  constructor(
    private readonly world: World,
    machine: Machine,
    readonly number: number,
  ) {
    this.process = machine.spawn(`agent ${number}`);
    this.#clock = new ProgramClock(world, this.process);
    this.#dice = new Dice(world.schedule.seed, number, 4);
    this.#session = new AgentSession({
      identity: { version: '1.0.0', build: 'a', node: '24', place: machine.name },
      createEngine: (run, listener) => this.#createEngine(run.epoch, listener),
      clock: this.#clock,
      createId: () => `${number}-${this.#dice.between(0, 1e9)}`,
      measure: () => ({ load: 0, rss: 50 }),
      onIdle: () => this.process.exit(0),
    });
  }

  accept(link: AgentLink): void {
    this.#session.accept(link);
  }

  #createEngine(epoch: number, listener: Parameters<AgentEngineFactory>[1]): AgentEngine {
    const run = this.world.runs.find((each) => each.epoch === epoch)!;
    const tenancy = new Tenancy(run, this.process);
    this.tenancy = tenancy;
    const host = new SimHost(this.world, tenancy, (what, action) => this.#act(what, action));
    const engine = new LauncherAgentEngine({
      host,
      epoch,
      clock: this.#clock,
      bootSlots: 4,
      random: this.#dice.random,
      listener: forgetting(listener, tenancy.known),
    });
    return this.#sabotaged(learning(withWatchdogLease(engine, host), tenancy.known));
  }

  #sabotaged(engine: AgentEngine): AgentEngine {
    if (this.world.has('retirements-lost')) return overriding(engine, { retire: () => {} });
    if (!this.world.has('agent-fence-off')) return engine;
    return overriding(engine, { stopAll: () => {}, killAll: () => {}, leaseRenewed: () => {} });
  }

  #act(what: string, action: () => void): void {
    if (!this.process.alive) return;
    this.world.note(() => `${this.process.name} ${what}`);
    action();
  }
}

/** The watchdog of an agent has its lease as well, by the rules of `AgentEngine.leaseRenewed`. */
function withWatchdogLease(engine: AgentEngine, host: SimHost): AgentEngine {
  return overriding(engine, {
    leaseRenewed: (remainingMs) => {
      host.renewLease(remainingMs);
      engine.leaseRenewed(remainingMs);
    },
  });
}

/** Keeps what an agent knows of. */
function learning(engine: AgentEngine, known: Set<number>): AgentEngine {
  const learn = (specs: readonly AgentSpec[]): void => {
    for (const { spec } of specs) known.add(spec.id);
  };
  return overriding(engine, {
    start: (specs, ...others) => {
      learn(specs);
      engine.start(specs, ...others);
    },
    add: (specs, keys) => {
      learn(specs);
      engine.add(specs, keys);
    },
  });
}

function forgetting(listener: AgentEngineListener, known: Set<number>): AgentEngineListener {
  return {
    ...listener,
    forgotten: (process) => {
      known.delete(process.id);
      listener.forgotten(process);
    },
  };
}

function overriding(engine: AgentEngine, changes: Partial<AgentEngine>): AgentEngine {
  return new Proxy(engine, {
    get: (target, name: keyof AgentEngine) => {
      const value = changes[name] ?? target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
