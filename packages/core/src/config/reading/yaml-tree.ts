import { EVENT_ID, type Event } from 'js-yaml';
import type { ConfigNode, MapEntry, Position } from './config-node.js';
import { describeNode, quote } from './describe-node.js';
import { itemPath, keyPath } from './key-path.js';
import type { ProblemList } from './problem-list.js';
import type { YamlCursor } from './yaml-cursor.js';
import { readScalar } from './yaml-scalar.js';

/** The key of the file under which everything stands; it is left out of the paths of the keys. */
export const TOP_KEY = 'distributed_architecture';

/** Values of one file, aliases counted as often as they are used: stops a small file from unfolding into a huge one. */
const MAX_VALUES = 100_000;

export interface TreeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly problems: ProblemList;
}

interface Anchor {
  /** Undefined while the anchor's own value is being read. */
  node?: ConfigNode;
  size: number;
}

/** Too many values; reported once, then reading stops. */
class TooManyValues extends Error {}

/** Builds the tree of one document from its events, reporting duplicate keys, bad aliases, tags and variables. */
export class YamlTree {
  readonly #anchors = new Map<string, Anchor>();
  #values = 0;

  constructor(
    readonly cursor: YamlCursor,
    readonly options: TreeOptions,
  ) {}

  /** The root of the document whose start was taken; undefined for an empty document, or one that unfolds too far. */
  root(): ConfigNode | undefined {
    const event = this.cursor.take();
    if (!event || event.type === EVENT_ID.POP) return undefined;
    try {
      return this.#node(event, '', undefined, true);
    } catch (error) {
      if (!(error instanceof TooManyValues)) throw error;
      this.options.problems.add('', `found more than ${MAX_VALUES} values (aliases unfolded), expected fewer`);
      return undefined;
    }
  }

  #node(event: Event, path: string, keyAt: Position | undefined, isRoot = false): ConfigNode {
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event, path);
    const before = this.#values;
    this.#count(1);
    const name = this.cursor.anchor(event);
    const anchor: Anchor = { size: 0 };
    if (name !== undefined) this.#anchors.set(name, anchor);
    const node = this.#collectionOrScalar(event, path, keyAt, isRoot);
    anchor.node = node;
    anchor.size = this.#values - before;
    return node;
  }

  #collectionOrScalar(event: Event, path: string, keyAt: Position | undefined, isRoot: boolean): ConfigNode {
    const at = this.cursor.position(event);
    if (event.type === EVENT_ID.SCALAR) {
      const report = (message: string) => this.options.problems.add(path, message, at ?? keyAt);
      const tag = this.cursor.tag(event);
      return readScalar(event, this.cursor.scalarText(event), { env: this.options.env, at, tag, report });
    }
    this.#refuseTag(event, path, at);
    if (event.type === EVENT_ID.SEQUENCE) return { kind: 'list', at, items: this.#items(path) };
    return { kind: 'map', at, entries: this.#entries(path, isRoot) };
  }

  #refuseTag(event: Event, path: string, at: Position | undefined): void {
    const tag = this.cursor.tag(event);
    if (tag === undefined || tag === '!!map' || tag === '!!seq') return;
    this.options.problems.add(path, `found the tag ${quote(tag)}, expected a value without a tag`, at);
  }

  #items(path: string): ConfigNode[] {
    const items: ConfigNode[] = [];
    while (!this.cursor.takeEnd()) {
      const event = this.cursor.take();
      if (event) items.push(this.#node(event, itemPath(path, items.length), undefined));
    }
    return items;
  }

  #entries(path: string, isRoot: boolean): MapEntry[] {
    const entries = new Map<string, MapEntry>();
    while (!this.cursor.takeEnd()) {
      const entry = this.#entry(path, isRoot);
      if (!entry) continue;
      const first = entries.get(entry.key);
      if (first) this.#reportDuplicate(path, entry, first);
      else entries.set(entry.key, entry);
    }
    return [...entries.values()];
  }

  #entry(path: string, isRoot: boolean): MapEntry | undefined {
    const key = this.#key(path);
    const valueEvent = this.cursor.take();
    if (!valueEvent) return undefined;
    const valuePath = isRoot && key?.key === TOP_KEY ? '' : keyPath(path, key?.key ?? '?');
    const value = this.#node(valueEvent, valuePath, key?.keyAt);
    return key && { ...key, value };
  }

  /** A key is its text: `1:` is the key "1". */
  #key(path: string): Pick<MapEntry, 'key' | 'keyAt'> | undefined {
    const event = this.cursor.take();
    if (!event) return undefined;
    const keyAt = this.cursor.position(event);
    if (event.type === EVENT_ID.SCALAR) {
      const name = this.cursor.anchor(event);
      const key = this.cursor.scalarText(event);
      const node: ConfigNode = { kind: 'scalar', at: keyAt, value: key, source: key, substituted: false };
      if (name !== undefined) this.#anchors.set(name, { node, size: 1 });
      return { key, keyAt };
    }
    const node = this.#node(event, path, undefined);
    if (node.kind === 'scalar' && typeof node.value === 'string' && !node.substituted)
      return { key: node.value, keyAt };
    this.options.problems.add(path, `found ${describeNode(node)} as a key, expected a text`, keyAt);
    return undefined;
  }

  #alias(event: Event, path: string): ConfigNode {
    const name = this.cursor.anchor(event) ?? '';
    const anchor = this.#anchors.get(name);
    const at = this.cursor.position(event);
    if (anchor?.node) {
      this.#count(anchor.size);
      return anchor.node;
    }
    const found = anchor ? 'an alias inside of its own anchor' : 'an alias without an anchor';
    this.options.problems.add(
      path,
      `found ${found} (${quote(`*${name}`)}), expected an anchor that stands before it`,
      at,
    );
    return { kind: 'scalar', at, value: '', source: '', substituted: true, broken: true };
  }

  #reportDuplicate(path: string, entry: MapEntry, first: MapEntry): void {
    const where = first.keyAt ? ` (first in line ${first.keyAt.line})` : '';
    this.options.problems.add(
      keyPath(path, entry.key),
      `found the key a second time${where}, expected it once`,
      entry.keyAt,
    );
  }

  #count(values: number): void {
    this.#values += values;
    if (this.#values > MAX_VALUES) throw new TooManyValues();
  }
}
