import type { HostedProcess, ProcessHost, ProcessListener } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { commandLine, ownCommandLine, type OwnCommandLine } from './command-line.js';
import { LocalProcess } from './local-process.js';
import { slaveEnvironment } from './slave-environment.js';
import { spawnProblem } from './spawn-problem.js';

/** Runs processes on this machine, each in a process group of its own. */
export class LocalHost implements ProcessHost {
  readonly #own: OwnCommandLine;

  constructor(own: OwnCommandLine = ownCommandLine()) {
    this.#own = own;
  }

  start(spec: ProcessSpec, listener: ProcessListener): HostedProcess {
    const { config } = spec;
    const options = { ...commandLine(config, this.#own), cwd: config.path, priority: config.priority };
    try {
      return new LocalProcess({ ...options, env: slaveEnvironment(config) }, listener);
    } catch (error) {
      // Most failures are reported later; some, such as arguments that are too long, are thrown at once.
      throw new Error(spawnProblem(error as Error, config.path), { cause: error });
    }
  }
}
