import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ROLE_VARIABLE } from '../channel/environment.js';
import { ExitCode } from '../errors/distributed-architecture-error.js';
import { AgentStartError } from './agent-errors.js';
import type { AgentPlace } from './agent-place.js';
import { ANNOUNCEMENT_FD } from './announcement.js';

/** Beside this file. */
const PROGRAM = 'agent-main.js';

/** See relay-boot.ts. */
const EVALUATE = '-e';

const LONGEST_EXCERPT = 2000;

type Ending = readonly [code: number | null, signal: NodeJS.Signals | null];

/**
 * Starts an agent in a session of its own. Resolves when it listens, or sees that another one does.
 *
 * @throws AgentStartError with what it has said
 */
export async function spawnAgent(place: AgentPlace, entry: string): Promise<void> {
  try {
    const child = startAgentProgram(place, entry);
    let said = '';
    const listen = (text: string): void => void (said += text);
    child.stderr!.setEncoding('utf8').on('data', listen);
    const ending = await endingOf(child);
    if (ending !== undefined && ending[0] !== ExitCode.AlreadyRunning) throw new Error(describe(ending, said));
    // What it says when it crashes reaches the master's log, for as long as we are there.
    child.stderr!.off('data', listen).pipe(process.stderr);
    child.unref();
  } catch (error) {
    throw new AgentStartError(`The agent cannot be started: ${(error as Error).message}`, { cause: error });
  }
}

function startAgentProgram({ fleet, name }: AgentPlace, entry: string): ChildProcess {
  const args = [...nodeOptions(), join(import.meta.dirname, PROGRAM), fleet, name, entry];
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'] as const;
  return spawn(process.execPath, args, { detached: true, stdio: [...stdio], env: environment() });
}

/** Resolves with undefined as soon as it listens. */
async function endingOf(child: ChildProcess): Promise<Ending | undefined> {
  const listens = once(child.stdio[ANNOUNCEMENT_FD] as Readable, 'data');
  const ended = once(child, 'close').then(([code, signal]) => [code, signal] as Ending);
  // Of what listens the end is no failure of the start.
  ended.catch(() => {});
  return Promise.race([listens.then(() => undefined), ended]);
}

function describe([code, signal]: Ending, said: string): string {
  return said.trim().slice(-LONGEST_EXCERPT) || `it was ended by ${signal ?? `itself (${code})`}`;
}

/** Those of the relay hold for the agent's slaves; but not what it was itself told to run, nor the debugger: its port is taken. */
function nodeOptions(): string[] {
  const { execArgv } = process;
  return execArgv.filter(
    (option, i) => !option.startsWith('--inspect') && option !== EVALUATE && execArgv[i - 1] !== EVALUATE,
  );
}

/** Without what belongs to the SSH session: that ends, the agent does not. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SSH_'));
  return { ...Object.fromEntries(own), [ROLE_VARIABLE]: 'agent' };
}
