import { CHANNEL_VARIABLE } from '../channel/environment.js';
import { ExitCode } from '../errors/distributed-architecture-error.js';

/** The hidden command of an application by which its agent is reached. */
const RUN_AGENT = 'run-agent';

/** As in package.json. */
const OLDEST_NODE = [22, 13] as const;

interface ProgramSigns {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Whether this program was started to be the relay to an agent: by `run-agent` alone, and not as a slave. */
export function isRelay({ argv, env }: ProgramSigns = process): boolean {
  return argv.length === 3 && argv[2] === RUN_AGENT && env[CHANNEL_VARIABLE] === undefined;
}

/** Is the relay between standard input and output and the agent, and ends this program. */
export async function runRelay(): Promise<never> {
  process.exit(isTooOld(process.versions.node) ? tellVersion() : await relayToAgent());
}

/** @param version of Node */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function tellVersion(): number {
  const { execPath, version } = process;
  process.stderr.write(
    `${execPath} is Node ${version}, ${OLDEST_NODE.join('.')} is needed: name another by bin_path\n`,
  );
  return ExitCode.Failure;
}

async function relayToAgent(): Promise<number> {
  const { relay } = await import('./relay.js');
  const { stdin: input, stdout: output, stderr: errors } = process;
  for (const stream of [output, errors]) stream.on('error', () => {});
  const code = await relay({ input, output, errors, entry: process.argv[1]! });
  // What an application has begun, such as a connection to its database, must not hold the SSH session open.
  for (const stream of [output, errors]) await new Promise<void>((resolve) => void stream.write('', () => resolve()));
  return code;
}
