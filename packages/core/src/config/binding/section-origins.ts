import type { MapEntry, MapNode, Position } from '../reading/config-node.js';
import { keyPath } from '../reading/key-path.js';

/** Where a section was read. */
export interface SectionOrigin {
  readonly path: string;
  readonly keyAt: Position | undefined;
  readonly node: MapNode;
}

/** Where one property of a section was read. */
export interface PropertyOrigin {
  readonly path: string;
  readonly entry: MapEntry;
}

/** Remembers where each section came from, for the checks that look at several of them. */
export class SectionOrigins {
  readonly #origins = new WeakMap<object, SectionOrigin>();

  /** @param keyName how a property's key is written in this configuration */
  constructor(readonly keyName: (property: string) => string) {}

  set(section: object, origin: SectionOrigin): void {
    this.#origins.set(section, origin);
  }

  get(section: object): SectionOrigin | undefined {
    return this.#origins.get(section);
  }

  property(section: object, property: string): PropertyOrigin | undefined {
    const origin = this.#origins.get(section);
    const entry = origin?.node.entries.find(({ key }) => key === this.keyName(property));
    return origin && entry && { path: keyPath(origin.path, entry.key), entry };
  }
}
