import type { TellMessage } from '../agent-channel/master-message.js';
import { createLinkNumbers, type LinkNumbers } from './link-numbers.js';

/** Notices to an agent until it has confirmed them. They end with its life: another has none of those incarnations. */
export class NoticeBox {
  #agent: string | undefined;
  #kept: TellMessage[] = [];
  /** How many of them were sent on the present link. */
  #sent = 0;

  /** @param numbers go on when the agent changes: one that was away and is back has heard some */
  constructor(private readonly numbers: Pick<LinkNumbers, 'sequence'> = createLinkNumbers()) {}

  add(message: Omit<TellMessage, 'type' | 'sequence'>): void {
    this.#kept.push({ type: 'tell', sequence: ++this.numbers.sequence, ...message });
  }

  /** A new link, to this agent: what it has not confirmed is sent again. */
  open(agent: string): void {
    if (agent !== this.#agent) {
      this.#agent = agent;
      this.#kept = [];
    }
    this.#sent = 0;
  }

  /** What is to be sent now. */
  take(): readonly TellMessage[] {
    const unsent = this.#kept.slice(this.#sent);
    this.#sent = this.#kept.length;
    return unsent;
  }

  /** The agent has all up to this one. */
  confirm(sequence: number): void {
    const left = this.#kept.filter((each) => each.sequence > sequence);
    this.#sent = Math.max(0, this.#sent - (this.#kept.length - left.length));
    this.#kept = left;
  }
}
