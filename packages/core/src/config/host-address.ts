import { isIPv6 } from 'node:net';

/** A host as `hosts` name it. */
export interface HostAddress {
  readonly user?: string;
  /** Name, address (IPv6 without brackets) or alias. */
  readonly host: string;
  readonly port?: number;
}

const USER = /^[^\s@:[\]-][^\s:[\]]*$/;
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
const LOCAL = 'localhost';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|(?:0*:)+0*1)$/i;

/** Undefined for what is none of `host`, `host:port`, an IPv6 address or `[address]:port`, each with `user@` before it or without. */
export function parseHostAddress(text: string): HostAddress | undefined {
  const [, user, rest = ''] = /^(?:(.*)@)?([^@]*)$/.exec(text) ?? [];
  if (user !== undefined && !USER.test(user)) return undefined;
  const [, written = rest, port] = isIPv6(rest) ? [] : (/^(.*):(\d{1,5})$/.exec(rest) ?? []);
  const host = parseHost(written);
  if (host === undefined || (port !== undefined && !isPort(Number(port)))) return undefined;
  return { ...(user !== undefined && { user }), host, ...(port !== undefined && { port: Number(port) }) };
}

/** A name or an address, IPv6 with brackets or without; undefined for anything else. */
export function parseHost(text: string): string | undefined {
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (isIPv6(address)) return address;
  return NAME.test(text) ? text : undefined;
}

/** The machine that a host's name stands for: all names of this machine are one. */
export function machineOf(host: string): string {
  return isLoopback(host) ? LOCAL : host.toLowerCase();
}

/** Whether it means the machine itself, on each machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}
