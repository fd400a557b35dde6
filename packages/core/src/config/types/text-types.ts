import { isAbsolute, resolve } from 'node:path';
import type { ScalarNode } from '../reading/config-node.js';
import type { Place } from '../binding/place.js';
import { parseHost, parseHostAddress } from '../host-address.js';
import { scalarType } from './scalar-type.js';
import type { ValueType } from './value-type.js';

const INVISIBLE = /[\p{Cc}\u2028\u2029]/u;

/** One line, with something to see in it. */
const LINE = { type: 'string', pattern: '^[^\\p{Cc}\\u2028\\u2029]*\\S[^\\p{Cc}\\u2028\\u2029]*$' };

/** One line of text, not empty. */
export function text(): ValueType {
  return scalarType({
    label: 'text',
    expected: 'a text of one line, not empty',
    schema: LINE,
    convert: (node) => line(node),
  });
}

/** Text that may be empty and have several lines; numbers and booleans are taken as they are written. For the environment. */
export function looseText(): ValueType {
  return scalarType({
    label: 'text',
    expected: 'a text, a number or a boolean',
    schema: { type: ['string', 'number', 'boolean'] },
    convert: ({ value, source }) => {
      if (typeof value === 'string') return value.includes('\0') ? undefined : value;
      return typeof value === 'number' || typeof value === 'boolean' ? source : undefined;
    },
  });
}

/** The name of a fleet: it names files as well. */
export function fileName(): ValueType {
  return scalarType({
    label: 'text',
    expected: 'a name of at most 100 characters, without slashes and control characters',
    schema: { ...LINE, maxLength: 100, not: { pattern: '^\\.{1,2}$|[/\\\\]' } },
    convert: (node) => {
      const name = line(node);
      return name !== undefined && name.length <= 100 && !/^\.{1,2}$|[/\\]/.test(name) ? name : undefined;
    },
  });
}

/** The name of an environment variable. */
export function variableName(): ValueType {
  return scalarType({
    label: 'text',
    expected: 'the name of an environment variable, not its value (letters, digits, _)',
    schema: { type: 'string', pattern: '^[A-Za-z_]\\w*$' },
    convert: ({ value }) => (typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value) ? value : undefined),
  });
}

/** One of some words. */
export function choice(...words: string[]): ValueType {
  const label = words.join(' | ');
  const expected = words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : label;
  return scalarType({
    label,
    expected,
    words,
    schema: { enum: words },
    convert: ({ value }) => words.find((word) => word === value),
  });
}

/** The word `false`. */
export function disabled(): ValueType {
  return scalarType({
    label: 'false',
    expected: 'false',
    schema: { const: false },
    convert: ({ value, substituted }) => (value === false || (substituted && value === 'false') ? false : undefined),
  });
}

/**
 * A path. `~` becomes the home of the user that runs the master, unless it is one on another host.
 *
 * @param options.resolved a relative path starts at the master's working directory; else it stays relative
 */
export function path({ resolved = false, remote = false } = {}): ValueType {
  return scalarType({
    label: 'path',
    expected: 'a path ("~" or ~/... for the home folder)',
    schema: { ...LINE, not: { pattern: '^~[^/]' } },
    convert: (node, place) => {
      const written = line(node);
      if (written === undefined || /^~[^/]/.test(written)) return undefined;
      if (remote && written.startsWith('~')) return written;
      const expanded = written.replace(/^~/, () => place.context.home);
      return resolved ? absolute(expanded, place) : expanded;
    },
  });
}

/** A host to connect to over SSH: a name or an address, with a user and a port if need be. */
export function sshHost(): ValueType {
  return scalarType({
    label: '[user@]host[:port]',
    expected: 'a host, user@host, host:port or user@host:port with a port from 1 to 65535 (IPv6 with a port: [::1]:22)',
    schema: { type: 'string', pattern: '^\\S+$' },
    convert: (node) => {
      const written = line(node);
      return written !== undefined && parseHostAddress(written) ? written : undefined;
    },
  });
}

/** A host or an address, without a port. */
export function hostName(): ValueType {
  return scalarType({
    label: 'host',
    expected: 'a host or an address, without a port',
    schema: { type: 'string', pattern: '^[\\w.:[\\]-]+$' },
    convert: (node) => {
      const written = line(node);
      return written === undefined ? undefined : parseHost(written);
    },
  });
}

/** The path of a page. */
export function urlPath(): ValueType {
  return scalarType({
    label: 'path of a URL',
    expected: 'a path that begins with /, without spaces, ? and #',
    schema: { type: 'string', pattern: '^/[^\\s?#]*$' },
    convert: ({ value }) => (typeof value === 'string' && /^\/[^\s?#\p{Cc}]*$/u.test(value) ? value : undefined),
  });
}

/** A URL of one of some schemes. */
export function url(...schemes: string[]): ValueType {
  return scalarType({
    label: 'URL',
    expected: `a URL with ${schemes.map((scheme) => `${scheme}://`).join(', ')}`,
    schema: { type: 'string', pattern: `^(${schemes.join('|')})://` },
    convert: (node) => {
      const written = line(node);
      const parsed = written !== undefined && URL.canParse(written) ? new URL(written) : undefined;
      return parsed && schemes.includes(parsed.protocol.slice(0, -1)) ? written : undefined;
    },
  });
}

function line({ value }: ScalarNode): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && !INVISIBLE.test(value) ? value : undefined;
}

function absolute(written: string, { context }: Place): string {
  return isAbsolute(written) ? written : resolve(context.options.cwd, written);
}
