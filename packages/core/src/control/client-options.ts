export interface ControlClientOptions {
  /** Seconds for an answer that does not wait for processes. Default 10. */
  readonly timeout?: number;
  /** Ends all requests, streams as well. */
  readonly signal?: AbortSignal;
  /** Who asks, for the journal. Default: the user and the process id. */
  readonly operator?: string;
  /**
   * Process id of the master that is meant, as its pid file has it: another one refuses. Whoever may write where the socket is
   * could put a link there that leads to another master. Default: whoever answers is meant.
   */
  readonly pid?: number;
}
