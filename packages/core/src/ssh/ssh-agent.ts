import type { Duplex } from 'node:stream';
import ssh2, { type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

const { BaseAgent, OpenSSHAgent } = ssh2;

/** The user's SSH agent, with the keys that it had when it was asked, or some of them. */
export class ListedAgent extends BaseAgent<ParsedKey> {
  constructor(
    private readonly agent: TrackedAgent,
    readonly keys: readonly ParsedKey[],
  ) {
    super();
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(null, [...this.keys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.agent.sign(key, data, options);
    else this.agent.sign(key, data, options, done);
  }
}

/** An agent that may never answer: what is open to it can be closed. */
export class TrackedAgent extends OpenSSHAgent {
  readonly #open = new Set<Duplex>();

  override getStream(done: (error?: Error | null, stream?: Duplex) => void): void {
    const base = OpenSSHAgent.prototype as {
      getStream?: (done: (error: Error | null, stream?: Duplex) => void) => void;
    };
    base.getStream!.call(this, (error, stream) => {
      if (stream !== undefined) {
        this.#open.add(stream);
        stream.once('close', () => this.#open.delete(stream));
      }
      done(error, stream);
    });
  }

  close(): void {
    for (const stream of this.#open) stream.destroy();
  }
}
