/** A place in the text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * A configuration before it is understood: the same tree for YAML and for objects given in code, so that both obey the
 * same rules. `at` is absent in code, and for values that are not written (`key:` and nothing after it).
 */
export type ConfigNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly at?: Position;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyAt?: Position;
  readonly value: ConfigNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at?: Position;
  readonly items: readonly ConfigNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly at?: Position;
  /** A string, a number, a boolean or null; in code also what no configuration may hold (a function, a date). */
  readonly value: unknown;
  /** As it was written, before substitution. */
  readonly source: string;
  /** True when the text came (partly) from the environment: it is converted to the key's type and never shown. */
  readonly substituted: boolean;
  /** True when it could not be read: that is reported already, nothing more is to be said about it. */
  readonly broken?: boolean;
}
