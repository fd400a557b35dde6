import { createHash } from 'node:crypto';
import { HostKeyChangedError, HostKeyRevokedError, HostKeyUnknownError, type HostError } from './host-error.js';
import type { KnownKey } from './known-hosts.js';

/** A key that a host has shown. */
export interface HostKey {
  readonly type: string;
  /** In base64. */
  readonly key: string;
}

/** How a host's key is judged. */
export interface HostKeyCheck {
  /** In the texts. */
  readonly host: string;
  /** The name to add to known_hosts. */
  readonly knownAs: string;
  /** What is known of the host. */
  readonly known: readonly KnownKey[];
  /** What is known of the host whatever the port: good to trust a key, not to doubt one. */
  readonly knownElsewhere: readonly KnownKey[];
  /** Where a new key belongs; undefined: nowhere. */
  readonly file: string | undefined;
  readonly checking: 'strict' | 'accept-new' | 'off';
}

export type Verdict =
  | { readonly type: 'trusted' }
  /** Not known; to be remembered. */
  | { readonly type: 'new'; readonly file: string; readonly line: string }
  /** Checking is off, else this would be the error. */
  | { readonly type: 'unchecked'; readonly problem: HostError }
  | { readonly type: 'refused'; readonly error: HostError };

/** What a host's key has at its beginning: the length of its type, and the type. */
export function readHostKey(blob: Buffer): HostKey {
  const type = blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
  return { type, key: blob.toString('base64') };
}

/** As `ssh-keygen -l` shows it. */
export function fingerprint(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replaceAll('=', '')}`;
}

/** A key on the list of revoked ones is refused even without checking. */
export function judgeHostKey(shown: HostKey, check: HostKeyCheck): Verdict {
  const { known, knownElsewhere, file, knownAs, checking } = check;
  const same = [...known, ...knownElsewhere].filter(({ key }) => key === shown.key);
  const revoked = same.find(({ mark }) => mark === 'revoked');
  if (revoked !== undefined) return { type: 'refused', error: revokedError(shown, check, revoked) };
  if (same.some(({ mark }) => mark === undefined)) return { type: 'trusted' };
  const others = known.filter(({ mark }) => mark === undefined);
  const problem = others.length > 0 ? changedError(shown, check, others) : unknownError(shown, check);
  if (checking === 'off') return { type: 'unchecked', problem };
  // A host that shows a key of another type than the known ones is no new host.
  if (checking === 'strict' || others.length > 0 || file === undefined) return { type: 'refused', error: problem };
  return { type: 'new', file, line: lineOf(knownAs, shown) };
}

/**
 * The host key algorithms to ask for, those of the known keys first: a host that is known by one of its keys alone must
 * not look like another.
 */
export function preferKnown(algorithms: readonly string[], known: readonly KnownKey[]): string[] {
  const types = new Set(known.filter(({ mark }) => mark === undefined).map(({ type }) => type));
  const isKnown = (algorithm: string): boolean => types.has(keyTypeOf(algorithm));
  return [...algorithms.filter(isKnown), ...algorithms.filter((each) => !isKnown(each))];
}

/** RSA keys sign with several algorithms (RFC 8332). */
function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}

function lineOf(name: string, { type, key }: HostKey): string {
  return `${name} ${type} ${key}`;
}

function revokedError(shown: HostKey, { host }: HostKeyCheck, { file, line }: KnownKey): HostError {
  return new HostKeyRevokedError(
    host,
    `${host} has the host key ${fingerprint(shown.key)} (${shown.type}), which ${file}:${line} revokes: do not connect, ask who runs the host`,
  );
}

function changedError(shown: HostKey, { host }: HostKeyCheck, others: readonly KnownKey[]): HostError {
  const known = others.find(({ type }) => type === shown.type) ?? others[0]!;
  return new HostKeyChangedError(
    host,
    `${host} has the host key ${fingerprint(shown.key)} (${shown.type}), but ${known.file}:${known.line} says ` +
      `${fingerprint(known.key)} (${known.type}): somebody may be listening in. If the key was changed on purpose, remove that line`,
  );
}

function unknownError(shown: HostKey, { host, knownAs, known, file }: HostKeyCheck): HostError {
  const authority = known.find(({ mark }) => mark === 'cert-authority');
  const hint = authority && ` (the @cert-authority of ${authority.file}:${authority.line} is not supported)`;
  const where = file === undefined ? '' : ` add this line to ${file}:`;
  return new HostKeyUnknownError(
    host,
    `${host} is not known${hint ?? ''}: its host key is ${fingerprint(shown.key)} (${shown.type}). If that is right,${where} ${lineOf(knownAs, shown)}`,
  );
}
