export interface ControlClientOptions {
  /** Seconds for an answer that does not wait for processes. Default 10. */
  readonly timeout?: number;
  /** Ends all requests, streams as well. */
  readonly signal?: AbortSignal;
  /** Who asks, for the journal. Default: the user and the process id. */
  readonly operator?: string;
}
