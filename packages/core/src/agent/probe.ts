import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { packageVersion } from '../agent-channel/package-version.js';
import {
  parseProbe,
  type ProbeAnswer,
  type ProbedPort,
  type ProbedPortAnswer,
  type ProbeMessage,
  type RunDirectoryAnswer,
} from '../agent-channel/probe-message.js';
import { AGENT_PROTOCOL } from '../agent-channel/protocol.js';
import { makePrivateFolder, userFolder } from '../run-directory/private-folder.js';
import { RelayInputError } from './agent-errors.js';
import { agentName, agentPlace, runningAgent } from './agent-place.js';
import { buildOf } from '../agent-channel/build-id.js';

/** About what an agent has to write before it runs anything. */
const SAMPLE_BYTES = 4096;

/**
 * Looks what a master would find here. Starts nothing, and leaves nothing but the run directory.
 *
 * @param entry the script of which `run-agent` is a command
 * @throws RelayInputError when the message is not as it should be
 */
export async function probe(message: unknown, entry: string): Promise<ProbeAnswer> {
  const request = parseProbe(message);
  if (request === undefined) throw new RelayInputError('The probe on standard input is not as this version knows it');
  const runDirectory = tryRunDirectory();
  return {
    type: 'probe',
    node: process.version,
    version: packageVersion(),
    protocol: AGENT_PROTOCOL,
    build: buildOf(entry),
    entry,
    cwd: process.cwd(),
    user: userName(),
    ports: await Promise.all(request.ports.map(tryPort)),
    runDirectory,
    ...(runDirectory.usable ? findAgent(request) : {}),
    at: Date.now(),
  };
}

/** In some containers the user has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}

function findAgent({ fleet, target }: ProbeMessage): { agent?: number } {
  const running = fleet === undefined ? undefined : runningAgent(agentPlace(fleet, agentName(target)));
  return running === undefined ? {} : { agent: running.pid };
}

/** Only who listens knows that he can. */
async function tryPort({ host, port }: ProbedPort): Promise<ProbedPortAnswer> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return { host, port, free: true };
  } catch (error) {
    return { host, port, free: false, error: (error as Error).message };
  } finally {
    server.close();
  }
}

function tryRunDirectory(): RunDirectoryAnswer {
  const path = userFolder();
  const sample = join(path, `.probe-${process.pid}`);
  try {
    makePrivateFolder(path);
    writeFileSync(sample, Buffer.alloc(SAMPLE_BYTES), { mode: 0o600 });
    return { path, usable: true };
  } catch (error) {
    return { path, usable: false, error: (error as Error).message };
  } finally {
    rmSync(sample, { force: true });
  }
}
