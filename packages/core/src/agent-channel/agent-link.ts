/** What happens on a link. */
export interface AgentLinkListener {
  /** A message from the other side, not checked: text when it was no JSON. */
  message(message: unknown): void;
  /** There is room again, after a `send` that returned false. */
  drained(): void;
  /** The other side is gone, or the link broke. Once, and not after our own `close`. */
  closed(reason: string): void;
}

/**
 * One connection between a master and an agent: messages in their order, until it ends. Nothing is promised of messages
 * that were under way when it ended.
 */
export interface AgentLink {
  /** To be called once; nothing arrives before, and nothing during the call. */
  listen(listener: AgentLinkListener): void;
  /**
   * Sends a message; on a link that has ended it goes nowhere.
   *
   * @returns false when there is no room for more: what can wait waits for `drained`
   */
  send(message: object): boolean;
  /** Ends the link, after what was sent. Nothing is heard of it from now on. */
  close(): void;
}
