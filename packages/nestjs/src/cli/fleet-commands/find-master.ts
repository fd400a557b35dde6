import { basename } from 'node:path';
import {
  ControlClient,
  controlSocket,
  MasterNotRunningError,
  pidFileOf,
  readFleetPlace,
  readPidFile,
  type FleetPlace,
  type PidRecord,
} from '@distributed-architecture/core';
import { DEFAULT_CONFIG_FILE, CONFIG_VARIABLE } from '../../master/config-source.js';
import { packageName } from '../../master/package-name.js';
import { sourceOf } from './config-place.js';
import { CONFIG_FILE, type CommandOption, type FleetCall } from './fleet-command.js';

/** Options of all commands that talk to a master. */
export const MASTER_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--pid <file>',
    description: 'the pid file of the master (default: by name and pid_path of the configuration)',
  },
  CONFIG_FILE,
];

/**
 * The control socket of the master that is meant: of the pid file that was typed, else of the one that the configuration
 * names.
 *
 * @throws MasterNotRunningError, ConfigError
 */
export async function findMaster(call: FleetCall): Promise<ControlClient> {
  return clientOf(masterAt(await pidFileOfMaster(call)));
}

/** @throws MasterNotRunningError */
export function masterAt(file: string): PidRecord {
  const record = readPidFile(file);
  if (record === undefined) throw new MasterNotRunningError(`its pid file ${file}`);
  return record;
}

export function clientOf({ folder, pid }: PidRecord): ControlClient {
  return new ControlClient(controlSocket(folder), { pid });
}

/** @throws ConfigError */
export async function pidFileOfMaster(call: FleetCall): Promise<string> {
  const typed = call.options['pid'];
  if (typeof typed === 'string') return typed;
  const { name = packageName(process.argv[1] ?? '') ?? basename(process.argv[1] ?? ''), pidPath } =
    await fleetPlace(call);
  return pidFileOf(name, pidPath);
}

async function fleetPlace(call: FleetCall): Promise<FleetPlace> {
  const { file, config } = await sourceOf(call);
  const source = file ?? (process.env[CONFIG_VARIABLE] || config) ?? DEFAULT_CONFIG_FILE;
  return typeof source === 'string' ? readFleetPlace({ file: source }) : source;
}
