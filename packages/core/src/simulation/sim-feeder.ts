import type { QueueLauncherMessage } from '../channel/queue-message.js';
import { Dice } from './dice.js';
import type { FedConsumer } from './sim-feed.js';
import type { MemberLinks, SimMember } from './sim-member.js';

const STEP_MS = 200;
/** What one item takes, where nothing is wrong with it. */
const ITEM_MS = 150;

/** A played feeder: items come in batches and go to idle consumers, one to each. */
export class SimFeeder implements SimMember {
  readonly #dice: Dice;
  /** How likely a batch comes in a step. */
  readonly #rush: number;
  #left: number;
  #waiting = 0;
  #waitsSince = 0;
  #done = 0;

  constructor(private readonly links: MemberLinks) {
    const { world, incarnation } = links;
    this.#dice = new Dice(world.schedule.seed, incarnation.serial, 6);
    this.#rush = this.#dice.pick([0.02, 0.05, 0.1]);
    this.#left = this.#dice.pick([0, 10, 60, Infinity, Infinity, Infinity]);
  }

  get #incarnation(): number {
    return this.links.incarnation.number;
  }

  get #consumers(): FedConsumer[] {
    const { incarnation } = this.links;
    return incarnation.run.feedOf(incarnation.spec.config.name).connectedTo(this.#incarnation);
  }

  get #queue() {
    return this.links.incarnation.spec.config.queue!;
  }

  begin(): void {
    this.links.leader.after(this.#dice.between(0, STEP_MS), () => this.#step());
  }

  hear(message: QueueLauncherMessage): void {
    if (message.type === 'let-go') this.#letGo(message.count);
  }

  #step(): void {
    this.#arrive();
    const consumers = this.#consumers.filter(({ leaving }) => !leaving);
    for (const each of consumers) if (!each.busy && this.#waiting > 0) this.#handOut(each);
    if (this.#left === 0 && this.#waiting === 0 && consumers.every(({ busy }) => !busy)) return this.links.end();
    for (const each of consumers) this.#checkTimeout(each);
    this.#demand(consumers);
    this.links.leader.after(STEP_MS, () => this.#step());
  }

  #arrive(): void {
    if (!this.#dice.chance(this.#rush)) return;
    const batch = Math.min(this.#dice.between(1, 20), this.#left);
    if (this.#waiting === 0) this.#waitsSince = this.links.world.now;
    this.#left -= batch;
    this.#waiting += batch;
  }

  #handOut(consumer: FedConsumer): void {
    this.#waiting--;
    this.#waitsSince = this.links.world.now;
    const hangs = this.#dice.chance(0.01 + this.links.world.schedule.trouble / 20);
    const ms = hangs ? this.#dice.pick([Infinity, 3000]) : this.#dice.between(0, 2 * ITEM_MS);
    consumer.take(this.#incarnation, ms, () => this.#done++);
  }

  #checkTimeout(consumer: FedConsumer): void {
    const { itemTimeout, abortGrace } = this.#queue;
    const due = consumer.begunAt + (itemTimeout + abortGrace) * 1000;
    if (itemTimeout === 0 || consumer.killAsked || this.links.world.now < due) return;
    consumer.killAsked = true;
    const { id, incarnation } = consumer;
    this.links.say({ type: 'kill-request', id, incarnation, reason: 'An item does not let go' });
  }

  #demand(consumers: readonly FedConsumer[]): void {
    const idle = consumers.filter(({ busy }) => !busy);
    const told = this.#dice.chance(0.5) && consumers.length > 0;
    const clearMs = (this.#waiting * ITEM_MS) / consumers.length;
    this.links.say({
      type: 'demand',
      waiting: this.#waiting,
      held: consumers.length - idle.length,
      consumers: consumers.length,
      idle: idle.length,
      letGo: this.#offered(idle).length,
      waitedMs: this.#waiting === 0 ? 0 : this.links.world.now - this.#waitsSince,
      done: this.#done,
      failed: 0,
      ...(told && { clearMs }),
    });
  }

  /** Consumers that have been idle for too long. */
  #offered(idle: readonly FedConsumer[]): FedConsumer[] {
    const { maxIdleTime = 0 } = this.#queue.onDemand ?? {};
    if (maxIdleTime === 0) return [];
    return idle.filter(({ idleSince }) => this.links.world.now - idleSince >= maxIdleTime * 1000);
  }

  #letGo(count: number): void {
    const idle = this.#consumers.filter(({ busy, leaving }) => !busy && !leaving);
    for (const each of this.#offered(idle).slice(0, count)) {
      each.leave();
      this.links.say({ type: 'leaving', id: each.id, incarnation: each.incarnation });
    }
  }
}
