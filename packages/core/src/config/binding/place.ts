import type { ConfigNode, Position } from '../reading/config-node.js';
import { describeNode } from '../reading/describe-node.js';
import { itemPath, keyPath } from '../reading/key-path.js';
import type { BindingContext } from './binding-context.js';

interface PlaceOptions {
  readonly path: string;
  /** Position of the key; items of a list have none. */
  readonly keyAt?: Position;
  /** True below a key whose values must not be shown. */
  readonly secret?: boolean;
  /** True for an attempt whose failure says nothing yet. */
  readonly silent?: boolean;
}

/** Where a value stands: its path, and the position of its key. */
export class Place {
  constructor(
    readonly context: BindingContext,
    readonly options: PlaceOptions,
  ) {}

  get path(): string {
    return this.options.path;
  }

  get secret(): boolean {
    return this.options.secret === true;
  }

  key(key: string, keyAt: Position | undefined, secret = this.secret): Place {
    return this.#with({ path: keyPath(this.path, key), keyAt, secret });
  }

  item(index: number): Place {
    return this.#with({ path: itemPath(this.path, index), keyAt: undefined });
  }

  silent(): Place {
    return this.#with({ silent: true });
  }

  /** Reports at the value, or at its key when the value is not written. */
  report(node: ConfigNode, message: string): void {
    this.#add(message, node.at ?? this.options.keyAt);
  }

  /** Reports at the key of a section, or at its start where it has none (in a list). */
  reportSection(node: ConfigNode, message: string): void {
    this.#add(message, this.options.keyAt ?? node.at);
  }

  reportKey(message: string): void {
    this.#add(message, this.options.keyAt);
  }

  /** Reports `found ..., expected ...`, unless the value is known to be broken. */
  wrong(node: ConfigNode, expected: string, hint = ''): void {
    if (node.kind === 'scalar' && node.broken) return;
    this.report(node, `found ${this.describe(node)}, expected ${expected}${hint}`);
  }

  describe(node: ConfigNode): string {
    return describeNode(node, { secret: this.secret });
  }

  #with(changes: Partial<PlaceOptions>): Place {
    return new Place(this.context, { ...this.options, ...changes });
  }

  #add(message: string, at: Position | undefined): void {
    if (!this.options.silent) this.context.problems.add(this.path, message, at);
  }
}
