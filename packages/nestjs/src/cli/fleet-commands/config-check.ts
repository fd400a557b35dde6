import {
  ConfigError,
  ExitCode,
  type ConfigProblem,
  type DistributedArchitectureConfig,
} from '@distributed-architecture/core';
import { readConfig } from '../../master/config-source.js';
import { CONFIG_FILE, type FleetCall, type FleetCommand } from './fleet-command.js';
import { sourceOf } from './config-place.js';

export const configCheck: FleetCommand = {
  name: 'config:check',
  description: 'Says all that is wrong with the configuration, and starts nothing',
  example: 'config:check --json',
  options: [CONFIG_FILE, { flags: '--json', description: 'print JSON: { "valid": true, "problems": [] }' }],
  run: (call) => (call.options['json'] ? checkAsJson(call) : check(call)),
};

/** What is wrong is thrown: it goes to stderr like that of `run-master`. */
async function check(call: FleetCall): Promise<number> {
  const { groups, queueGroups } = await read(call);
  process.stdout.write(`The configuration is fine: ${count(groups, 'group')}, ${count(queueGroups, 'queue group')}\n`);
  return ExitCode.Ok;
}

async function checkAsJson(call: FleetCall): Promise<number> {
  const problems = await problemsOf(call);
  const valid = problems.length === 0;
  process.stdout.write(`${JSON.stringify({ valid, problems }, null, 2)}\n`);
  return valid ? ExitCode.Ok : ExitCode.Config;
}

async function problemsOf(call: FleetCall): Promise<readonly ConfigProblem[]> {
  try {
    await read(call);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

async function read(call: FleetCall): Promise<DistributedArchitectureConfig> {
  const { file, config } = await sourceOf(call);
  return readConfig(file, { config }, process.env);
}

function count({ length }: readonly unknown[], noun: string): string {
  return `${length} ${noun}${length === 1 ? '' : 's'}`;
}
