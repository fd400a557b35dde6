import { DURATION_PATTERN, formatDuration, parseDuration } from '../binding/parse-duration.js';
import type { ScalarNode } from '../reading/config-node.js';
import { scalarType } from './scalar-type.js';
import type { Range, ValueType } from './value-type.js';

const A_YEAR = 365 * 86_400;

/** A whole number between two bounds. */
export function integer(min: number, max: number): ValueType {
  return scalarType({
    label: `integer, ${min} to ${max}`,
    expected: `an integer from ${min} to ${max}`,
    range: { min, max },
    schema: { type: 'integer', minimum: min, maximum: max },
    convert: (node) => whole(toNumber(node)),
  });
}

/** Seconds, or a text with a unit; at most a year. Read as seconds. */
export function duration({ min = 0, max = A_YEAR }: Partial<Range> = {}): ValueType {
  const range = `from ${min === 0 ? 0 : formatDuration(min)} to ${formatDuration(max)}`;
  return scalarType({
    label: 'duration',
    expected: `a duration (seconds, or like 500ms, 2m, 1h) ${range}`,
    range: { min, max },
    schema: {
      anyOf: [
        { type: 'number', minimum: min, maximum: max },
        { type: 'string', pattern: DURATION_PATTERN },
      ],
    },
    convert: toSeconds,
  });
}

/** `true` or `false`. */
export function boolean(): ValueType {
  return scalarType({
    label: 'boolean',
    expected: 'true or false',
    words: ['true', 'false'],
    schema: { type: 'boolean' },
    convert: ({ value, substituted }) => {
      if (substituted) return value === 'true' ? true : value === 'false' ? false : undefined;
      return typeof value === 'boolean' ? value : undefined;
    },
  });
}

/** Text becomes a number only when it came from the environment: `"2"` in quotes is meant as text. */
function toNumber({ value, substituted }: ScalarNode): number | undefined {
  if (typeof value === 'number') return value;
  if (!substituted || typeof value !== 'string' || !/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value))
    return undefined;
  return Number(value);
}

function whole(value: number | undefined): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}

function toSeconds(node: ScalarNode): number | undefined {
  const seconds = toNumber(node) ?? (typeof node.value === 'string' ? parseDuration(node.value) : undefined);
  return Number.isFinite(seconds) ? seconds : undefined;
}
