import { planText, ExitCode, type ApplyResult, type ReloadResult } from '@distributed-architecture/core';
import { UsageError } from '../../commands/command-errors.js';
import type { FleetCommand } from './fleet-command.js';
import { findMaster, MASTER_OPTIONS } from './find-master.js';

export const masterReload: FleetCommand = {
  name: 'master:reload',
  description:
    'Replaces the processes batch by batch, as `reload` of each group says; or applies a changed configuration',
  example: 'master:reload --config-only',
  arguments: [{ name: '[group]', description: 'name of a group (default: all groups)' }],
  options: [
    { flags: '--config-only', description: 'read the configuration anew, and change only what differs' },
    ...MASTER_OPTIONS,
  ],
  async run(call) {
    const [group] = call.args;
    const configOnly = call.options['configOnly'] === true;
    if (configOnly && group !== undefined) throw new UsageError('--config-only is for all groups: give no group');
    const master = await findMaster(call);
    const [text, completed] = configOnly
      ? await applied(await master.reload({ configOnly }))
      : reloaded(await master.reload({ group }));
    process.stdout.write(`${text}\n`);
    return completed ? ExitCode.Ok : ExitCode.Failure;
  },
};

type Outcome = readonly [text: string, completed: boolean];

function reloaded({ completed, replaced, left, reason }: ReloadResult): Outcome {
  const processes = `${replaced} ${replaced === 1 ? 'process' : 'processes'}`;
  if (completed) return [`Reloaded: ${processes} replaced`, completed];
  return [`The reload ended early: ${processes} replaced, ${left} left${because(reason)}`, completed];
}

async function applied({ plan, completed, rolledBack, reason }: ApplyResult): Promise<Outcome> {
  const text = await planText(plan);
  if (completed) return [text, completed];
  const outcome = rolledBack ? 'It was undone: the fleet is what it was before' : 'It was not undone';
  return [`${text}\nThe change was not completed${because(reason)}. ${outcome}`, completed];
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`;
}
