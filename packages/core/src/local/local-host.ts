import { rmSync } from 'node:fs';
import { feederSocket } from '../channel/feeder-socket.js';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import type { LogLevel } from '../logger/logger.js';
import type { HostLoad } from '../process/host-load.js';
import type { HostedProcess, HostRun, ProcessHost, ProcessListener } from '../process/process-host.js';
import type { ProcessSpec } from '../process/process-spec.js';
import type { JournalRecord } from '../run-directory/journal-entry.js';
import { RunDirectory } from '../run-directory/run-directory.js';
import { Cgroup, cgroupForProcesses } from './cgroup.js';
import { commandLine, ownCommandLine, type OwnCommandLine } from './command-line.js';
import { assertProgram } from './find-program.js';
import { LocalProcess, type LocalProcessOptions } from './local-process.js';
import { machineLoad } from './machine-load.js';
import { Registration } from './registration.js';
import { slaveEnvironment } from './slave-environment.js';
import { spawnProblem } from './spawn-problem.js';

export interface LocalHostOptions {
  /** Name of the fleet: one launcher at a time may have it. Default: none, and nobody ends what this one leaves. */
  readonly fleet?: string;
  /** Default: how this program was started. */
  readonly own?: OwnCommandLine;
}

/**
 * Runs processes on this machine, each in a process group of its own, in a cgroup of its own where that is possible,
 * and known to the run directory before it executes anything.
 */
export class LocalHost implements ProcessHost {
  readonly #fleet: string | undefined;
  readonly #own: OwnCommandLine;
  #run: RunDirectory | undefined;
  #cgroups: Cgroup | undefined;

  constructor({ fleet, own = ownCommandLine() }: LocalHostOptions = {}) {
    this.#fleet = fleet;
    this.#own = own;
  }

  async open(log: (level: LogLevel, message: string) => void, ids: readonly number[] = []): Promise<HostRun> {
    this.#run = await RunDirectory.open(this.#fleet, log);
    this.#cgroups = makeCgroups(this.#run);
    // While processes join theirs, the system makes no others: one by one they would cost 2 ms each, so they cost nothing.
    for (const id of ids) this.#cgroups?.makeChild(`${id}.1`);
    return { epoch: this.#run.epoch, folder: this.#run.folder };
  }

  /** @throws Error with the reason, when it is known at once that it cannot be started */
  start(spec: ProcessSpec, incarnation: number, listener: ProcessListener): HostedProcess {
    const { config } = spec;
    const command = commandLine(config, this.#own);
    const place = { command, cwd: config.path, env: slaveEnvironment(spec), priority: config.priority };
    const registration = this.#register(`${spec.id}.${incarnation}`, place, recordOf(spec));
    try {
      return new LocalProcess({ ...place, registration }, this.#withoutSocket(spec, incarnation, listener));
    } catch (error) {
      // Most failures are reported later; some, such as arguments that are too long, are thrown at once.
      void registration.end();
      throw new Error(spawnProblem(error as Error, place), { cause: error });
    }
  }

  /**
   * Makes known what runs here beside the processes: it ends when this launcher dies.
   *
   * @param name `0.<number>`: no process has this id
   * @throws RunDirectoryError
   */
  register(name: string, record: JournalRecord): Registration {
    if (this.#run === undefined) throw new LauncherStateError('The host was not opened');
    return new Registration(this.#run, name, record, this.#cgroups);
  }

  renewLease(remainingMs: number): void {
    this.#run?.renewLease(remainingMs);
  }

  load(): HostLoad {
    return machineLoad();
  }

  async close(): Promise<void> {
    // Without processes, and so without cgroups of theirs, it can be removed.
    this.#cgroups?.remove();
    await this.#run?.close();
  }

  /** A feeder that was killed leaves its socket. */
  #withoutSocket({ id, queue }: ProcessSpec, incarnation: number, listener: ProcessListener): ProcessListener {
    if (queue?.role !== 'feeder') return listener;
    const socket = feederSocket(this.#run!.folder, id, incarnation);
    return {
      ...listener,
      exited: (code, signal) => {
        rmSync(socket, { force: true });
        listener.exited(code, signal);
      },
    };
  }

  #register(name: string, place: Omit<LocalProcessOptions, 'registration'>, record: JournalRecord): Registration {
    try {
      assertProgram(place.command.file, place.cwd, place.env.PATH);
      return this.register(name, record);
    } catch (error) {
      throw new Error(spawnProblem(withoutWrapping(error), place), { cause: error });
    }
  }
}

/** Without a file descriptor to spare nothing can be started: that says more than which file could not be opened. */
function withoutWrapping(error: unknown): NodeJS.ErrnoException {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  const isShort = cause?.code === 'EMFILE' || cause?.code === 'ENFILE';
  return isShort ? Object.assign(new Error(cause.message), { code: cause.code, syscall: 'spawn ' }) : (error as Error);
}

function recordOf({ config }: ProcessSpec): JournalRecord {
  return { kind: config.console === false ? 'program' : 'slave', stopTimeoutMs: config.stopTimeout * 1000 };
}

function makeCgroups(run: RunDirectory): Cgroup | undefined {
  const path = cgroupForProcesses();
  if (path === undefined) return undefined;
  run.noteCgroup(path);
  const made = Cgroup.make(path);
  if (made === undefined) run.noteCgroup(undefined);
  return made;
}
