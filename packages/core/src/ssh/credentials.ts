import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import type { Attempt } from './attempt.js';
import type { Destination, Hop } from './destination.js';
import { PrivateKeyError } from './host-error.js';
import { UnusableKey, type PrivateKeys } from './private-key.js';
import { ListedAgent, TrackedAgent } from './ssh-agent.js';
import { localPath, type Surroundings } from './surroundings.js';

const DEFAULT_KEYS = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa'];

/** Something to log in with. */
export type Credential =
  { readonly label: string; readonly key: ParsedKey } | { readonly label: string; readonly agent: ListedAgent };

export interface Credentials {
  /** In the order in which they are tried. */
  readonly list: readonly Credential[];
  /** Why others are not tried. */
  readonly notes: readonly string[];
  /** Lets go of the SSH agent. */
  close(): void;
}

interface Sources {
  readonly keys: PrivateKeys;
  readonly own: Surroundings;
  readonly attempt: Attempt;
}

/**
 * What can be tried at a hop on the way to a destination: the key of the destination alone, else the files that the SSH
 * configuration names, the SSH agent, the default files.
 *
 * @throws PrivateKeyError when the key that the destination names cannot be used
 */
export async function findCredentials(hop: Hop, destination: Destination, sources: Sources): Promise<Credentials> {
  const { privateKey } = destination;
  const isLast = hop === destination;
  const named = privateKey === undefined ? [] : [await namedKey(privateKey, destination, sources)];
  if (isLast && named.length > 0) return { list: named, notes: [], close: () => {} };
  const notes: string[] = [];
  const { files, rest } = filesOf(hop, sources.own);
  const agent = await agentOf(hop, sources, notes);
  const passphrase = isLast ? passphraseOf(destination, sources.own) : undefined;
  const given = await usableKeys(files, passphrase, { keys: sources.keys, notes });
  const more = await usableKeys(rest, passphrase, { keys: sources.keys, notes });
  const fromAgent: Credential[] = agent === undefined ? [] : [agent];
  const list = [...given, ...fromAgent, ...more, ...named];
  return { list, notes, close: () => agent?.tracked.close() };
}

function filesOf({ identityFiles }: Hop, own: Surroundings): { files: readonly string[]; rest: readonly string[] } {
  if (identityFiles.length > 0) return { files: identityFiles, rest: [] };
  return { files: [], rest: DEFAULT_KEYS.map((path) => localPath(path, own)) };
}

function passphraseOf({ passphraseEnv }: Destination, { environment }: Surroundings): string | undefined {
  return passphraseEnv === undefined ? undefined : environment[passphraseEnv];
}

async function namedKey(file: string, destination: Destination, sources: Sources): Promise<Credential> {
  const { name, passphraseEnv } = destination;
  const passphrase = passphraseOf(destination, sources.own);
  if (passphraseEnv !== undefined && passphrase === undefined) {
    throw new PrivateKeyError(
      name,
      `${name}: the private key ${file} needs the environment variable ${passphraseEnv} (passphrase_env), which is not set`,
    );
  }
  try {
    return { label: file, key: await sources.keys.read(file, passphrase) };
  } catch (error) {
    const { message } = error as Error;
    throw new PrivateKeyError(name, `${name}: the private key ${file} cannot be used: ${message}`, { cause: error });
  }
}

/** Files that are not there are no news: nobody has asked for them by name. */
async function usableKeys(
  files: readonly string[],
  passphrase: string | undefined,
  { keys, notes }: { keys: PrivateKeys; notes: string[] },
): Promise<Credential[]> {
  const found: Credential[] = [];
  for (const file of files) {
    try {
      found.push({ label: file, key: await keys.read(file, passphrase) });
    } catch (error) {
      if (!(error instanceof UnusableKey)) throw error;
      if (error.kind !== 'missing') notes.push(`${file} is not tried: ${error.message}`);
    }
  }
  return found;
}

async function agentOf(
  hop: Hop,
  { own, attempt }: Sources,
  notes: string[],
): Promise<{ label: string; agent: ListedAgent; tracked: TrackedAgent } | undefined> {
  const socket = own.environment['SSH_AUTH_SOCK'];
  if (socket === undefined || socket === '') return undefined;
  const tracked = new TrackedAgent(socket);
  try {
    attempt.begin(`answer of the SSH agent (SSH_AUTH_SOCK=${socket})`);
    const all = await attempt.until<ParsedKey[]>((done, fail) => {
      tracked.getIdentities((error, keys) => (error ? fail(error) : done((keys ?? []) as ParsedKey[])));
      return () => {};
    });
    const keys = hop.identitiesOnly ? await onlyOf(hop.identityFiles, all) : all;
    if (keys.length === 0) return notesNothing(notes);
    const label = `the SSH agent (${keys.length} ${keys.length === 1 ? 'key' : 'keys'})`;
    return { label, agent: new ListedAgent(tracked, keys), tracked };
  } catch (error) {
    tracked.close();
    if (attempt.signal.aborted) throw error;
    notes.push(`the SSH agent does not answer (SSH_AUTH_SOCK=${socket})`);
    return undefined;
  }
}

function notesNothing(notes: string[]): undefined {
  notes.push('the SSH agent has no key for this');
}

/** Keys of the agent whose public halves are beside these files. */
async function onlyOf(files: readonly string[], keys: readonly ParsedKey[]): Promise<ParsedKey[]> {
  const texts = await Promise.all(files.map((file) => readFile(`${file}.pub`).catch(() => undefined)));
  const wanted = texts.flatMap((text) => {
    const key = text === undefined ? undefined : ssh2.utils.parseKey(text);
    return key === undefined || key instanceof Error ? [] : [key.getPublicSSH()];
  });
  return keys.filter((key) => wanted.some((blob) => blob.equals(key.getPublicSSH())));
}
