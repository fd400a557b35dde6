import type { AgentTarget } from '../hosts/agent-target.js';
import type { ConfigEntry, ConfigLookup } from './config-file.js';
import { SshConfigError } from './host-error.js';
import { localPath, type Surroundings } from './surroundings.js';

const SSH_PORT = 22;
const CONNECT_TIMEOUT_S = 10;

/** More hops than this are a circle. */
const MOST_HOPS = 8;

/** One machine that is logged in to: a host, or a hop on the way. */
export interface Hop {
  /** As in the configuration. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Names under which known_hosts may have it, the best first. */
  readonly knownAs: readonly string[];
  /** Files with private keys that shall be tried first. */
  readonly identityFiles: readonly string[];
  /** Only the keys of these files, not all that the SSH agent has. */
  readonly identitiesOnly: boolean;
}

/** Where a connection leads, and how. */
export interface Destination extends Hop {
  /** The way, the first hop first. */
  readonly via: readonly Hop[];
  /** The key that the configuration of the groups names; it is tried alone. */
  readonly privateKey: string | undefined;
  readonly passphraseEnv: string | undefined;
  readonly knownHosts: readonly string[];
  /** Where new keys are added: a file of the user's own, never one of all users. */
  readonly newHosts: string | undefined;
  readonly checking: 'strict' | 'accept-new' | 'off';
  readonly connectTimeoutMs: number;
}

/**
 * What the configuration of the groups and, where that is silent, the SSH configuration say of a host.
 *
 * `StrictHostKeyChecking` is not taken from there: who trusts less than the default says so beside the hosts.
 *
 * @throws SshConfigError
 */
export function resolveDestination(target: AgentTarget, lookUp: ConfigLookup, own: Surroundings): Destination {
  const { name, host, port, ssh } = target;
  const entry = lookUp(host, ssh.username);
  const asked = { name, host, port, username: ssh.username };
  const hop = resolveHop(asked, entry, own);
  return {
    ...hop,
    via: resolveVia(name, hop, entry, { lookUp, own, left: MOST_HOPS }),
    privateKey: ssh.privateKey === undefined ? undefined : localPath(ssh.privateKey, own),
    passphraseEnv: ssh.passphraseEnv,
    ...(ssh.knownHosts === undefined ? knownHostsOf(hop, entry, own) : onlyKnownHosts(localPath(ssh.knownHosts, own))),
    checking: ssh.hostKeyChecking ?? 'strict',
    connectTimeoutMs: (ssh.connectTimeout ?? seconds(first(entry['connecttimeout'])) ?? CONNECT_TIMEOUT_S) * 1000,
  };
}

interface Asked {
  readonly name: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly username: string | undefined;
}

function resolveHop(asked: Asked, entry: ConfigEntry, own: Surroundings): Hop {
  const host = (first(entry['hostname']) ?? asked.host).replaceAll(/%([h%])/g, (_, c) =>
    c === 'h' ? asked.host : '%',
  );
  const port = asked.port ?? portOf(first(entry['port'])) ?? SSH_PORT;
  const username = asked.username ?? first(entry['user']) ?? own.user;
  const tokens = { d: own.home, h: host, n: asked.host, p: String(port), r: username, u: own.user, '%': '%' };
  return {
    name: asked.name,
    host,
    port,
    username,
    knownAs: namesInKnownHosts(host, port, first(entry['hostkeyalias'])),
    identityFiles: files(list(entry['identityfile']), tokens, own),
    identitiesOnly: first(entry['identitiesonly'])?.toLowerCase() === 'yes',
  };
}

/** As ssh looks them up: a key that is known without a port is good for all ports. */
function namesInKnownHosts(host: string, port: number, alias: string | undefined): string[] {
  if (alias !== undefined) return [alias.toLowerCase()];
  const name = host.toLowerCase();
  return port === SSH_PORT ? [name] : [`[${name}]:${port}`, name];
}

type KnownHosts = Pick<Destination, 'knownHosts' | 'newHosts'>;

function onlyKnownHosts(file: string): KnownHosts {
  return { knownHosts: [file], newHosts: file };
}

function knownHostsOf({ host, port, username, name }: Hop, entry: ConfigEntry, own: Surroundings): KnownHosts {
  const tokens = { d: own.home, h: host, n: name, p: String(port), r: username, u: own.user, '%': '%' };
  const filesOf = (keyword: string, usual: string): string[] => {
    const value = entry[keyword];
    return value === undefined ? [usual] : files(list(value), tokens, own);
  };
  const ofUser = filesOf('userknownhostsfile', localPath('~/.ssh/known_hosts', own));
  const ofAll = filesOf('globalknownhostsfile', own.globalKnownHosts);
  return { knownHosts: [...ofUser, ...ofAll], newHosts: ofUser[0] };
}

interface Way {
  readonly lookUp: ConfigLookup;
  readonly own: Surroundings;
  readonly left: number;
}

/** Each hop is looked up by its own entry; the first may itself be behind another. */
function resolveVia(name: string, { host, port }: Hop, entry: ConfigEntry, way: Way): Hop[] {
  const command = first(entry['proxycommand']);
  const jump = first(entry['proxyjump']);
  if (jump === undefined && command !== undefined && !isNone(command)) {
    throw new SshConfigError(name, `${name}: ProxyCommand in the SSH configuration is not supported: use ProxyJump`);
  }
  if (jump === undefined || isNone(jump)) return [];
  if (way.left === 0) throw new SshConfigError(name, `${name}: ProxyJump leads over more than ${MOST_HOPS} hops`);
  const hops = jump.split(',').map((text) => jumpHop(name, text.trim(), way));
  const outermost = hops[0]!;
  // A pattern such as `Host *` holds for the jump host as well.
  if (outermost.hop.host === host && outermost.hop.port === port) return [];
  const before = resolveVia(name, outermost.hop, outermost.entry, { ...way, left: way.left - 1 });
  return [...before, ...hops.map(({ hop }) => hop)];
}

function jumpHop(name: string, text: string, { lookUp, own }: Way): { hop: Hop; entry: ConfigEntry } {
  const parts = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d+))?\/?$/.exec(text);
  if (parts === null)
    throw new SshConfigError(name, `${name}: ProxyJump names ${JSON.stringify(text)}: expected user@host:port`);
  const [, username, bracketed, plain, port] = parts;
  const host = (bracketed ?? plain)!;
  const entry = lookUp(host, username);
  return { hop: resolveHop({ name: host, host, port: portOf(port), username }, entry, own), entry };
}

function files(paths: readonly string[], tokens: Readonly<Record<string, string>>, own: Surroundings): string[] {
  const expand = (path: string): string => path.replaceAll(/%(.)/g, (text, token: string) => tokens[token] ?? text);
  return paths.filter((path) => !isNone(path)).map((path) => localPath(expand(path), own));
}

function isNone(value: string): boolean {
  return value.toLowerCase() === 'none';
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return list(value)[0];
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function seconds(text: string | undefined): number | undefined {
  const value = Number(text);
  return value > 0 ? value : undefined;
}
