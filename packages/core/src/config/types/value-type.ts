import type { Place } from '../binding/place.js';
import type { ConfigNode } from '../reading/config-node.js';

/** What `read` returns for a value that it has reported. */
export const INVALID = Symbol('invalid');

/** The bounds of a number, both included; checked by class-validator once the whole section is read. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A schema in the words of JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** What a key may hold. */
export interface ValueType {
  /** For the reference: `integer`, `list of text`. */
  readonly label: string;
  /** For errors: `an integer from -20 to 19`. */
  readonly expected: string;
  readonly range?: Range;
  /** For editors: all that it lets through is fine as far as JSON Schema can tell. */
  readonly schema: JsonSchema;
  /** Words that are allowed, if the type knows them all: for suggestions. */
  readonly words?: readonly string[];
  /** Whether the kind of the value is one for this type; asked where a key takes one of several types. */
  takes(node: ConfigNode): boolean;
  /** Converts the value, or reports it at its place and returns INVALID. */
  read(node: ConfigNode, place: Place): unknown;
}
