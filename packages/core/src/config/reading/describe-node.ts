import type { ConfigNode, ScalarNode } from './config-node.js';

const MAX_SHOWN = 60;

/** Words for a value that was found. Never text from the environment, nor text of a key that holds secrets. */
export function describeNode(node: ConfigNode, { secret = false } = {}): string {
  if (node.kind === 'map') return node.entries.length === 0 ? 'an empty mapping' : 'a mapping';
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  return describeScalar(node, secret);
}

function describeScalar({ value, source, substituted }: ScalarNode, secret: boolean): string {
  if (substituted) return `${quote(source)} from the environment`;
  if (value === null) return 'nothing';
  if (secret) return `a ${typeof value === 'string' ? 'text' : typeof value} (not shown)`;
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' || typeof value === 'boolean' ? source : `a ${source}`;
}

/** In double quotes, cut when it is long, with escapes for what would not be seen or would move the cursor. */
export function quote(text: string): string {
  return `"${escapeInvisible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text)}"`;
}

/** Control, format and line separator characters as \u escapes. */
export function escapeInvisible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (char) =>
    char === '\n' ? '\\n' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
