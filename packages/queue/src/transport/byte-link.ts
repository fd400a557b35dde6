/** One connection as a stream of bytes: a socket, or what a simulator plays. */
export interface ByteLink {
  /** Who is at the other end, for logs and errors. */
  readonly peer: string;
  /**
   * Who the other end has proven to be by its TLS key: `<id>.<incarnation>`; undefined where there is no TLS.
   */
  readonly identity: string | undefined;
  write(bytes: Buffer): void;
  /** True when all that was written has left this process: the operating system has it, whatever becomes of us. */
  readonly flushed: boolean;
  /** Bytes that were written and have not left this process. */
  readonly unsentBytes: number;
  /** Calls once, as soon as `flushed` is true (at once when it is); never after the end. */
  whenFlushed(callback: () => void): void;
  /** Reads no more until `resume`: for who cannot keep up. */
  pause(): void;
  resume(): void;
  /** Ends it after what was written. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}

export interface ByteLinkListener {
  data(chunk: Buffer): void;
  /** Once, last of all. Everything that the other end had sent was told before. */
  closed(error: Error | undefined): void;
}

/** How a consumer gets a connection. */
export interface LinkConnector {
  /** Tries once. @returns the link, when it is there (and, over TLS, authenticated) */
  connect(address: FeedAddress, listener: ByteLinkListener, signal: AbortSignal): Promise<ByteLink>;
}

/** Where a feeder listens. */
export type FeedAddress = { readonly path: string } | { readonly host: string; readonly port: number };
