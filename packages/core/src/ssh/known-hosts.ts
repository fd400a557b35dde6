import { createHmac } from 'node:crypto';

/** A line of a known_hosts file that is about a host. */
export interface KnownKey {
  readonly file: string;
  readonly line: number;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The key in base64. */
  readonly key: string;
  readonly mark: 'revoked' | 'cert-authority' | undefined;
}

/** A file as it was read; one that does not exist has the text ''. */
export interface KnownHostsFile {
  readonly path: string;
  readonly text: string;
}

/** The hosts of a line, after its mark. */
const HOSTS = /^\s*(?:@\S+\s+)?(\S+)/;

const LINE = /^(?:@(?<mark>[a-z-]+)\s+)?\S+\s+(?<type>[\w.@-]+)\s+(?<key>[A-Za-z0-9+/]+=*)(?:\s|$)/;

/**
 * The lines about a host that is known under one of these names. Lines that are none are left out, as ssh does.
 *
 * The format is that of "SSH_KNOWN_HOSTS FILE FORMAT" in sshd(8).
 */
export function knownKeys(files: readonly KnownHostsFile[], names: readonly string[]): KnownKey[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((content, index) => {
      // Of very many lines few are about it: only those are looked at closely.
      const hosts = HOSTS.exec(content)?.[1];
      if (hosts === undefined || hosts.startsWith('#') || !names.some((name) => isAbout(hosts, name))) return [];
      return parse(content).map((known) => ({ ...known, file: path, line: index + 1 }));
    }),
  );
}

function parse(content: string): Pick<KnownKey, 'type' | 'key' | 'mark'>[] {
  const { mark, type, key } = LINE.exec(content.trim())?.groups ?? {};
  if (type === undefined || key === undefined || (mark !== undefined && !isMark(mark))) return [];
  return [{ type, key, mark }];
}

function isMark(mark: string): mark is 'revoked' | 'cert-authority' {
  return mark === 'revoked' || mark === 'cert-authority';
}

function isAbout(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return isHashOf(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  const negated = patterns.filter((pattern) => pattern.startsWith('!'));
  if (negated.some((pattern) => matches(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => matches(pattern, name));
}

function isHashOf(hosts: string, name: string): boolean {
  const [, version, salt = '', hash] = hosts.split('|');
  return version === '1' && createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matches(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}
