import type { QueueLauncherMessage } from '../channel/queue-message.js';
import type { FedConsumer } from './sim-feed.js';
import type { MemberLinks, SimMember } from './sim-member.js';

/** A played consumer: it handles one item at a time, which ends soon, late or never. */
export class SimConsumer implements SimMember, FedConsumer {
  feeder: number | undefined;
  busy = false;
  begunAt = Infinity;
  idleSince: number;
  killAsked = false;
  #finished = (): void => {};
  #afterItem = (): void => {};

  constructor(private readonly links: MemberLinks) {
    this.idleSince = links.world.now;
  }

  get alive(): boolean {
    return this.links.leader.alive;
  }

  get id(): number {
    return this.links.incarnation.spec.id;
  }

  get incarnation(): number {
    return this.links.incarnation.number;
  }

  get leaving(): boolean {
    return this.links.incarnation.leaving;
  }

  begin(): void {
    const { incarnation } = this.links;
    incarnation.run.feedOf(incarnation.spec.config.name).add(this);
  }

  leave(): void {
    this.links.incarnation.leaving = true;
  }

  hear(message: QueueLauncherMessage): void {
    if (message.type === 'feeder-ready') this.#connect(message.incarnation);
    if (message.type === 'feeder-gone') this.#drain(message.incarnation);
  }

  take(feeder: number, ms: number, finished: () => void): void {
    const { leader, world, incarnation } = this.links;
    this.busy = true;
    leader.after(
      world.latencyMs(),
      () => {
        // What was not begun is given up when its feeder is gone.
        if (this.feeder !== feeder) return;
        incarnation.heldFrom = feeder;
        this.begunAt = world.now;
        this.#finished = finished;
        if (ms !== Infinity) leader.after(ms, () => this.#finish());
      },
      'input',
    );
  }

  #finish(): void {
    this.links.incarnation.heldFrom = undefined;
    this.#release();
    this.#finished();
    this.#afterItem();
    this.#afterItem = () => {};
  }

  #release(): void {
    this.busy = false;
    this.begunAt = Infinity;
    this.idleSince = this.links.world.now;
  }

  #connect(feeder: number): void {
    this.feeder = feeder;
  }

  #drain(feeder: number): void {
    const { incarnation, world } = this.links;
    const drained = (): void => this.links.say({ type: 'drained', feeder });
    this.feeder = undefined;
    if (incarnation.heldFrom === undefined) this.#release();
    if (incarnation.heldFrom === undefined || world.has('drains-early')) drained();
    else this.#afterItem = drained;
  }
}
