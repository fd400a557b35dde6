import type { HostedProcess, ProcessHost, ProcessListener } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { commandLine, ownCommandLine, type OwnCommandLine } from './command-line.js';
import { LocalProcess } from './local-process.js';
import { slaveEnvironment } from './slave-environment.js';

/** Runs processes on this machine, each in a process group of its own. */
export class LocalHost implements ProcessHost {
  readonly #own: OwnCommandLine;

  constructor(own: OwnCommandLine = ownCommandLine()) {
    this.#own = own;
  }

  start(spec: ProcessSpec, listener: ProcessListener): HostedProcess {
    const { config } = spec;
    return new LocalProcess(
      { ...commandLine(config, this.#own), cwd: config.path, env: slaveEnvironment(config), priority: config.priority },
      listener,
    );
  }
}
