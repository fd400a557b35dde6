import type { FeedLink } from './consumer-record.js';
import type { LogLevel } from '@distributed-architecture/core';
import type { BytesMessage, FeederMessage, ItemsMessage } from '../protocol/feed-message.js';
import type { FeedEffect } from './feed-event.js';
import type { FeedState } from './feed-state.js';

/** One decision: what is known, the time, and what is to be done, in its order. */
export class Turn {
  readonly effects: FeedEffect[] = [];

  constructor(
    readonly state: FeedState,
    /** Monotonic milliseconds. */
    readonly now: number,
  ) {}

  do(effect: FeedEffect): void {
    this.effects.push(effect);
  }

  say(link: FeedLink, message: Exclude<FeederMessage, ItemsMessage | BytesMessage>): void {
    link.saidAt = this.now;
    this.effects.push({ type: 'say', link: link.number, message });
  }

  log(level: LogLevel, message: string): void {
    this.effects.push({ type: 'log', level, message });
  }

  /** Something falls due at that time. */
  wakeBy(at: number): void {
    if (at < this.state.deadline) this.state.deadline = at;
  }
}
