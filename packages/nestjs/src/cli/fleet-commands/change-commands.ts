import { ExitCode, readPidFile, type ControlClient } from '@distributed-architecture/core';
import { UsageError } from '../../commands/command-errors.js';
import type { Argument, CommandOption, FleetCall, FleetCommand } from './fleet-command.js';
import { hasEnded } from '../../service/has-ended.js';
import { clientOf, findMaster, masterAt, MASTER_OPTIONS, pidFileOfMaster } from './find-master.js';

const ALL_GROUPS: Argument = { name: '[group]', description: 'name of a group (default: all groups)' };
const ONE_GROUP: Argument = { name: '<group>', description: 'name of the group' };
const FORCE: CommandOption = { flags: '--force', description: 'kill the processes instead of asking them to stop' };

export const masterSuspend: FleetCommand = {
  name: 'master:suspend',
  description: 'Stops the processes of a group, and starts none until it is resumed',
  example: 'master:suspend "First Group"',
  arguments: [ALL_GROUPS],
  options: [FORCE, ...MASTER_OPTIONS],
  run: (call) =>
    tell(call, async (master, [group]) => {
      await master.suspend(group, { force: isForced(call) });
      return `Suspending ${named(group)}`;
    }),
};

export const masterResume: FleetCommand = {
  name: 'master:resume',
  description: 'Starts the processes of a group that was suspended',
  example: 'master:resume "First Group"',
  arguments: [ALL_GROUPS],
  options: MASTER_OPTIONS,
  run: (call) =>
    tell(call, async (master, [group]) => {
      await master.resume(group);
      return `Resuming ${named(group)}`;
    }),
};

export const masterScale: FleetCommand = {
  name: 'master:scale',
  description: 'Changes the number of processes of a group (of a queue group: of its consumers) until the master ends',
  example: 'master:scale "First Group" 4',
  arguments: [ONE_GROUP, { name: '<count>', description: 'number of processes, 1 or more' }],
  options: MASTER_OPTIONS,
  run: (call) =>
    tell(call, async (master, [group = '', text = '']) => {
      const count = countOf(text);
      await master.scale(group, count);
      return `Scaled ${named(group)} to ${count} ${count === 1 ? 'process' : 'processes'}`;
    }),
};

export const masterRestart: FleetCommand = {
  name: 'master:restart',
  description: 'Stops all processes of a group and starts them again; without a group a service starts anew',
  example: 'master:restart "First Group"',
  arguments: [
    { name: '[group]', description: 'name of a group (default: the whole service, with fresh configuration)' },
  ],
  options: [FORCE, ...MASTER_OPTIONS],
  async run(call) {
    const [group] = call.args;
    if (group === undefined) return restartService(call);
    return tell(call, async (master) => {
      await master.restart(group, { force: isForced(call) });
      return `Restarted ${named(group)}`;
    });
  },
};

/** The old one ends when its successor runs, or cannot. */
async function restartService(call: FleetCall): Promise<number> {
  if (isForced(call)) throw new UsageError('--force goes with a group');
  const pidFile = await pidFileOfMaster(call);
  const old = masterAt(pidFile);
  await clientOf(old).restart();
  await hasEnded(old, Infinity);
  const next = readPidFile(pidFile);
  const text =
    next === undefined ? 'The successor does not run, its log says why' : `The service runs anew, pid ${next.pid}`;
  process[next === undefined ? 'stderr' : 'stdout'].write(`${text}\n`);
  return next === undefined ? ExitCode.Failure : ExitCode.Ok;
}

export const masterStop: FleetCommand = {
  name: 'master:stop',
  description: 'Asks the master to stop cleanly; `run-master --stop` also waits until it has',
  example: 'master:stop',
  options: MASTER_OPTIONS,
  run: (call) =>
    tell(call, async (master) => {
      await master.stop();
      return 'Stopping';
    }),
};

type Telling = (master: ControlClient, args: readonly string[]) => Promise<string>;

async function tell(call: FleetCall, telling: Telling): Promise<number> {
  process.stdout.write(`${await telling(await findMaster(call), call.args)}\n`);
  return ExitCode.Ok;
}

function isForced({ options }: FleetCall): boolean {
  return options['force'] === true;
}

function named(group: string | undefined): string {
  return group === undefined ? 'all groups' : `group "${group}"`;
}

/** @throws UsageError */
function countOf(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError(`Number of processes: found "${text}", expected 1 or more`);
  return Number(text);
}
