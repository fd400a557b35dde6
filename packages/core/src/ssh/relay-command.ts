import { relative } from 'node:path';
import { RELAY_BOOT } from '../agent/relay-boot.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import {
  HostAgentError,
  HostBinMissingError,
  HostEntryMissingError,
  HostPathMissingError,
  type HostError,
} from './host-error.js';
import { shellQuote } from './shell-quote.js';
import type { Surroundings } from './surroundings.js';

/** Begins the line of stderr by which the command says why it starts nothing. */
const PROBLEM = 'distributed-architecture-problem';

/** What is executed on a host. */
export interface RelayPlace {
  readonly path: string;
  readonly binPath: string;
  readonly console: string;
}

/** @throws HostError when the launcher has no entry script, or a path is not one */
export function relayPlace(
  { name, path, binPath, console }: AgentTarget,
  { cwd, execPath, entry }: Surroundings,
): RelayPlace {
  const script = console ?? (entry === undefined ? undefined : relative(cwd, entry));
  if (script === undefined) {
    throw new HostAgentError(name, `${name}: the launcher has no entry script to run there: set "console"`);
  }
  const place = { path: path ?? cwd, binPath: binPath ?? execPath, console: script };
  for (const [key, text] of Object.entries(place)) {
    if (/[\0\r\n]/.test(text)) throw new HostAgentError(name, `${name}: a line break cannot be in ${key}`);
  }
  return place;
}

/**
 * The command that starts the agent's relay, for any login shell. It checks first what it needs, so that the user hears
 * what is missing.
 */
export function relayCommand({ path, binPath, console }: RelayPlace): string {
  const script = [
    `stop() { echo "${PROBLEM} $1" >&2; exit 127; }`,
    `p=${homePath(path)}; b=${homePath(binPath)}; e=${homePath(console)}`,
    '[ -d "$p" ] || stop path-missing',
    'cd -- "$p" 2>/dev/null || stop path-closed',
    'case $b in */*) [ -f "$b" ] || stop bin-missing; [ -x "$b" ] || stop bin-closed;; *) command -v "$b" >/dev/null || stop bin-missing;; esac',
    // Node adds the extension itself.
    '[ -e "$e" ] || [ -e "$e.js" ] || stop entry-missing',
    '[ -r "$e" ] || [ -r "$e.js" ] || stop entry-closed',
    `exec "$b" -e ${shellQuote(RELAY_BOOT)} -- "$e" run-agent`,
  ].join('; ');
  return `exec /bin/sh -c ${shellQuote(script)}`;
}

/** What the command has said on stderr about itself; undefined when it is not that. */
export function relayProblem(target: AgentTarget, place: RelayPlace, stderr: string): HostError | undefined {
  const { name, ssh } = target;
  const there = `${name}${ssh.username === undefined ? '' : ` (user ${ssh.username})`}`;
  const { path, binPath, console } = place;
  switch (new RegExp(`^${PROBLEM} ([a-z-]+)$`, 'm').exec(stderr)?.[1]) {
    case 'path-missing':
      return new HostPathMissingError(
        name,
        `${there}: no such directory: ${path}. Deploy the application there, or set "path"`,
      );
    case 'path-closed':
      return new HostPathMissingError(name, `${there}: the user may not enter ${path}`);
    case 'bin-missing':
      return new HostBinMissingError(name, `${there}: no such program: ${binPath}. Install it, or set "bin_path"`);
    case 'bin-closed':
      return new HostBinMissingError(name, `${there}: ${binPath} is not executable for the user`);
    case 'entry-missing':
      return new HostEntryMissingError(
        name,
        `${there}: no ${console} in ${path}. Build and deploy the application there, or set "console"`,
      );
    case 'entry-closed':
      return new HostEntryMissingError(name, `${there}: the user may not read ${console} in ${path}`);
    default:
      return undefined;
  }
}

/** A word of sh: `~` is the home of the user on the host. */
function homePath(path: string): string {
  if (path === '~') return '"$HOME"';
  return path.startsWith('~/') ? `"$HOME"${shellQuote(path.slice(1))}` : shellQuote(path);
}
