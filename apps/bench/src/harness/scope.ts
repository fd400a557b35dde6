import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Release = () => Promise<void> | void;

/** Owns whatever a measurement starts or writes, and takes it away again in reverse order, also after an error or Ctrl-C. */
export class Scope {
  private readonly releases: Release[] = [];
  private closing: Promise<void> | undefined;

  /** Registers how something is taken away. After `close` it is taken away at once and an error is thrown. */
  async defer(release: Release): Promise<void> {
    if (!this.closing) {
      this.releases.push(release);
      return;
    }
    await release();
    throw new Error('The benchmark was stopped');
  }

  /** A scope that ends with this one at the latest. */
  async child(): Promise<Scope> {
    const child = new Scope();
    await this.defer(() => child.close());
    return child;
  }

  /** A new temporary folder. */
  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'distributed-architecture-bench-'));
    await this.defer(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
    return path;
  }

  /** Takes everything away; what fails is reported at the end, the rest is still taken away. */
  close(): Promise<void> {
    this.closing ??= this.releaseAll();
    return this.closing;
  }

  private async releaseAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let release = this.releases.pop(); release; release = this.releases.pop()) {
      try {
        await release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0)
      throw new AggregateError(errors, `Not everything was cleaned up: ${errors.map(String).join('; ')}`);
  }
}
