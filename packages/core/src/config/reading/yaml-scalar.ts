import { CORE_SCHEMA, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { Position, ScalarNode } from './config-node.js';
import { quote } from './describe-node.js';
import { substitute } from './substitute.js';

/** What reading a scalar needs to know of its surroundings. */
export interface ScalarContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly at: Position | undefined;
  /** The tag as written (`!!str`), if any. */
  readonly tag: string | undefined;
  readonly report: (message: string) => void;
}

/** Core tags whose effect the plain text has anyway; `!!str` and `!` make any text a string. */
const PLAIN_TAGS = ['!!int', '!!float', '!!bool', '!!null'];
const TEXT_TAGS = ['!!str', '!'];

/** Reads a scalar by the core schema of YAML 1.2, then puts in what comes from the environment. */
export function readScalar(event: ScalarEvent, source: string, context: ScalarContext): ScalarNode {
  const { tag, at } = context;
  if (tag !== undefined && ![...PLAIN_TAGS, ...TEXT_TAGS].includes(tag)) {
    context.report(`found the tag ${quote(tag)}, expected a value without a tag`);
  }
  const plain = event.style === SCALAR_STYLE.PLAIN && !TEXT_TAGS.includes(tag ?? '');
  const value = plain ? CORE_SCHEMA.resolveImplicitScalarTag(source).value : source;
  if (typeof value === 'string') return readText(source, context);
  if (typeof value === 'number' && isInexact(value, source)) {
    context.report(`found ${source}, which no number here can hold exactly, expected it in quotes`);
  }
  return { kind: 'scalar', at, value, source, substituted: false };
}

function readText(source: string, { env, at, report }: ScalarContext): ScalarNode {
  const result = substitute(source, env);
  if ('problems' in result) {
    for (const problem of result.problems) report(problem);
    return { kind: 'scalar', at, value: source, source, substituted: true, broken: true };
  }
  return { kind: 'scalar', at, value: result.text, source, substituted: result.used };
}

function isInexact(value: number, source: string): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?[0-9a-fA-FxXoO]+$/.test(source);
}
