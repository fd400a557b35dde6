import { isDeepStrictEqual } from 'node:util';
import { toYamlKey } from '../config/binding/key-names.js';
import { maskCommand } from '../config/mask-text.js';
import type { Settings } from './group-shape.js';

/** Their values are for nobody's eyes: keys within them are named. */
const SECRET_MAPS: ReadonlySet<string> = new Set(['params', 'env']);

/** Their values may have come from the environment, and say where secrets are. */
const NAMED_ONLY: ReadonlySet<string> = new Set(['privateKey', 'passphraseEnv', 'knownHosts']);

/** What is not given means no limit. */
const LIMITS: ReadonlySet<string> = new Set(['memoryLimit', 'maxAge']);

/** What differs between settings, for people: `timeout: 30 -> 60`. Of what may be secret only the keys. */
export function settingTexts(before: Settings, after: Settings, prefix = ''): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .flatMap((key) => textsOf(key, before[key], after[key]).map((text) => `${prefix}${text}`));
}

function textsOf(key: string, before: unknown, after: unknown): string[] {
  if (SECRET_MAPS.has(key)) return entryTexts(key, before as Settings, after as Settings);
  const name = toYamlKey(key);
  if (NAMED_ONLY.has(key)) return [`${name} ${verb(before, after)}`];
  return [`${name}: ${show(key, before)} -> ${show(key, after)}`];
}

function entryTexts(name: string, before: Settings, after: Settings): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => `${name}.${key} ${verb(before[key], after[key])}`);
}

function verb(before: unknown, after: unknown): string {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function show(key: string, value: unknown): string {
  if (value === undefined) return LIMITS.has(key) ? 'none' : 'default';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'string' ? maskCommand(value) : String(value);
}
