import type { RunningProgram } from '../../setup/running-program.js';
import type { ProgramResult } from '../../setup/run-to-end.js';
import type { Sshd } from '../sshd.js';
import type { LinkQuality } from './network-switch.js';
import type { HostProcess } from './namespace-process.js';

export interface ProgramPlace {
  /** Default: the folder of the repository. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A machine of a test, with a disk, an address, processes and an sshd of its own. */
export interface Host {
  readonly name: string;
  readonly address: string;
  /** Of its sshd. */
  readonly port: number;
  /** What a configuration says to reach it. */
  readonly destination: string;
  /** For a known_hosts file, by the address and by the name. */
  readonly knownHostsLines: string;
  /** How its sshd is at present; undefined while it is not running. */
  readonly sshd: Sshd | undefined;

  /** The path by which this process can read and write a file of the host. */
  path(file: string): string;
  /** Runs a shell command there to its end. */
  run(command: string): Promise<ProgramResult>;
  /** Starts a program there; when the test ends nothing of it may be left. */
  spawn(program: string, args: readonly string[], place?: ProgramPlace): RunningProgram;
  /** All that runs there at the moment. */
  processes(): HostProcess[];

  /** Its link is a black hole until `restore`: neither side is told. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** Makes its link slow or lossy; without arguments as good as new. */
  slow(quality?: LinkQuality): Promise<void>;
  /** Stops every process (SIGSTOP). The kernel of the host lives: it answers TCP. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** A power cut: nothing is sent any more, all processes and all that was on its disk are gone. */
  kill(): Promise<void>;
  /** Switches it on again after `kill`, its sshd included. */
  boot(): Promise<void>;
  /** Ends sshd and, as a restart of the machine's service would not, its connections. */
  killSshd(): Promise<void>;
  startSshd(): Promise<void>;
}
