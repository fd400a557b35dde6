import type { Place } from '../binding/place.js';
import { didYouMean } from '../binding/suggest.js';
import type { ConfigNode, ScalarNode } from '../reading/config-node.js';
import { INVALID, type JsonSchema, type Range, type ValueType } from './value-type.js';

interface ScalarDefinition {
  readonly label: string;
  readonly expected: string;
  readonly range?: Range;
  readonly words?: readonly string[];
  /** Of what may be written as it is; text from the environment is let through as well. */
  readonly schema: JsonSchema;
  /** The converted value, or undefined when it is not of this type. */
  readonly convert: (node: ScalarNode, place: Place) => unknown;
}

/** Builds a type for single values from its conversion. */
export function scalarType({ convert, ...definition }: ScalarDefinition): ValueType {
  return {
    ...definition,
    schema: { anyOf: [definition.schema, { $ref: '#/$defs/environment' }] },
    takes: (node) => node.kind === 'scalar',
    read: (node, place) => readScalar(node, place, definition, convert),
  };
}

function readScalar(
  node: ConfigNode,
  place: Place,
  { expected, words = [] }: Omit<ScalarDefinition, 'convert' | 'schema'>,
  convert: ScalarDefinition['convert'],
): unknown {
  const value = node.kind === 'scalar' && !node.broken ? convert(node, place) : undefined;
  if (value !== undefined) return value;
  const shown = node.kind === 'scalar' && !node.substituted && !place.secret ? node.source : '';
  place.wrong(node, expected, shown && didYouMean(shown, words));
  return INVALID;
}
