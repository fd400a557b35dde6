import type { ByteLink, ByteLinkListener } from '../transport/byte-link.js';
import { Dice } from './dice.js';
import type { ConsumerTruth, LifeTruth } from './truth.js';
import { SimLink, type SimLinkOptions } from './sim-link.js';
import { SimPipe } from './sim-pipe.js';
import type { SimProcess } from './sim-process.js';
import type { Timeline } from './timeline.js';

export interface NetworkWorld {
  readonly timeline: Timeline;
  readonly schedule: { readonly seed: number; readonly local: boolean; readonly latencyMs: number };
  unsettled: boolean;
  note(text: () => string): void;
}

/** Somebody listens. */
export interface Listening {
  readonly process: SimProcess;
  readonly life: LifeTruth;
  readonly accept: (link: ByteLink) => ByteLinkListener;
}

/** Who connects. */
export interface Caller {
  readonly process: SimProcess;
  /** Undefined: a stranger. */
  readonly consumer: ConsumerTruth | undefined;
  readonly name: string;
  readonly identity: string;
}

/** A connection, its consumer's and its feeder's end. */
export interface SimConnection {
  readonly number: number;
  readonly caller: Caller;
  readonly life: LifeTruth;
  readonly near: SimLink;
  readonly far: SimLink;
  readonly up: SimPipe;
  readonly down: SimPipe;
}

/** The way from consumers to their feeder: one address, whoever listens there. */
export class Network {
  readonly connections: SimConnection[] = [];
  readonly #dice: Dice;
  #listening: Listening | undefined;
  #slowMs = 0;
  #unreachableUntil = 0;

  constructor(
    private readonly world: NetworkWorld,
    /** A connection is there: who watches it. */
    private readonly watch: (connection: SimConnection) => void,
  ) {
    this.#dice = new Dice(world.schedule.seed, 11);
  }

  get open(): SimConnection[] {
    return this.connections.filter(({ near, far }) => !near.isOver || !far.isOver);
  }

  listen(listening: Listening): void {
    this.#listening = listening;
  }

  /** Everything needs so much longer from now on. */
  set slowness(ms: number) {
    this.#slowMs = ms;
  }

  /** Nobody gets a connection for so long. */
  hide(ms: number): void {
    this.#unreachableUntil = this.world.timeline.now + ms;
  }

  connect(caller: Caller, listener: ByteLinkListener, signal: AbortSignal): Promise<ByteLink> {
    const { promise, resolve, reject } = Promise.withResolvers<ByteLink>();
    caller.process.after(this.#delay(), () => {
      if (signal.aborted) return reject(new Error('aborted'));
      if (this.#unreachableUntil > this.world.timeline.now) return this.#refuse(reject);
      if (this.#listening?.process.alive !== true) return reject(new Error('connect ECONNREFUSED'));
      resolve(this.#join(caller, this.#listening, listener));
    });
    return promise;
  }

  /** The address leads nowhere: an error, or nothing at all. */
  #refuse(reject: (error: Error) => void): void {
    if (this.#dice.chance(0.5)) reject(new Error('connect EHOSTUNREACH'));
  }

  #join(caller: Caller, { process, life, accept }: Listening, listener: ByteLinkListener): SimLink {
    const near = new SimLink(this.#options(caller.process, 'feeder', caller.identity));
    const far = new SimLink(this.#options(process, caller.name, caller.identity));
    const up = this.#pipe(far);
    const down = this.#pipe(near);
    near.connect(up);
    far.connect(down);
    const number = this.connections.length + 1;
    const connection = { number, caller, life, near, far, up, down };
    this.connections.push(connection);
    this.world.note(() => `connection ${number}: ${caller.name} to ${life.name}`);
    this.watch(connection);
    near.listen(listener);
    process.run(() => {
      if (!far.isOver) far.listen(accept(far));
    });
    return near;
  }

  #options(process: SimProcess, peer: string, identity: string): SimLinkOptions {
    const { timeline, schedule } = this.world;
    return {
      timeline,
      dice: this.#dice,
      process,
      peer,
      identity: schedule.local ? undefined : identity,
      local: schedule.local,
    };
  }

  #pipe(to: SimLink): SimPipe {
    return new SimPipe(this.world.timeline, this.#dice, {
      delay: () => this.#delay(),
      arrive: (parcel) => to.arrive(parcel),
    });
  }

  #delay(): number {
    return this.#dice.random() * (this.world.schedule.latencyMs + this.#slowMs);
  }
}
