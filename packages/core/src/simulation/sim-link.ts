import type { AgentLink, AgentLinkListener } from '../agent-channel/agent-link.js';
import type { SimProcess } from './machine.js';
import { Wire } from './network.js';
import type { World } from './world.js';

const ROOM = 12;

/** One end of a connection between a master and an agent. */
export class SimLink implements AgentLink {
  readonly #wire: Wire;
  #peer: SimLink | undefined;
  #listener: AgentLinkListener | undefined;
  #open = true;
  #underWay = 0;
  #wasFull = false;
  #hasRun = false;
  /** What arrived before anybody listened. */
  #early: (() => void)[] = [];

  private constructor(
    private readonly world: World,
    private readonly owner: SimProcess,
  ) {
    this.#wire = new Wire(world.network);
    owner.onDeath(() => this.#end());
  }

  /** Both ends of a new connection. */
  static pair(world: World, here: SimProcess, there: SimProcess): [SimLink, SimLink] {
    const ends: [SimLink, SimLink] = [new SimLink(world, here), new SimLink(world, there)];
    ends[0].#peer = ends[1];
    ends[1].#peer = ends[0];
    return ends;
  }

  listen(listener: AgentLinkListener): void {
    this.#listener = listener;
    for (const early of this.#early) this.owner.after(0, early, 'input');
    this.#early = [];
  }

  send(message: object): boolean {
    if (!this.#open || !this.owner.alive) return true;
    const text = this.#encode(message);
    if (this.world.has('records-lost') && text.startsWith('{"type":"record"') && this.world.dice.chance(0.02))
      return true;
    if (this.world.has('notices-dropped') && text.startsWith('{"type":"tell"') && this.world.dice.chance(0.05))
      return true;
    if (text.startsWith('{"type":"run"')) {
      if (this.#hasRun && this.world.has('amendments-lost')) return true;
      this.#hasRun = true;
    }
    this.#underWay++;
    this.#wire.send(() => this.#arrived(text));
    this.#wasFull ||= this.#underWay >= ROOM;
    return this.#underWay < ROOM;
  }

  /** A master whose fence is to come too early has told its agent of a longer lease. */
  #encode(message: object): string {
    const lengthen = this.world.has('master-fence-off') && 'leaseMs' in message;
    return JSON.stringify(lengthen ? { ...message, leaseMs: Number(message.leaseMs) * 4 } : message);
  }

  close(): void {
    if (this.owner.alive) this.#end();
  }

  /** The connection is reset: both ends learn of it, whatever the network does. */
  reset(): void {
    for (const end of [this, this.#peer!]) {
      end.owner.after(0, () => end.#closed('connection reset'), 'input');
    }
  }

  /** The kernel says so, also for a process that was killed. */
  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#wire.send(() => this.#peer!.#hear(() => this.#peer!.#closed('closed by the other side')));
  }

  #arrived(text: string): void {
    const peer = this.#peer!;
    peer.#hear(() => {
      if (--this.#underWay === 0) this.owner.after(0, () => this.#drained(), 'input');
      if (peer.#open) peer.#listener!.message(JSON.parse(text));
    });
  }

  #drained(): void {
    if (!this.#wasFull || !this.#open) return;
    this.#wasFull = false;
    this.#listener?.drained();
  }

  #hear(action: () => void): void {
    this.world.unsettled = true;
    if (this.#listener === undefined) this.#early.push(action);
    else this.owner.after(0, action, 'input');
  }

  #closed(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.#listener?.closed(reason);
  }
}
