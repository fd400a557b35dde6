import { configurationSchema, ExitCode, referenceYaml } from '@distributed-architecture/core';
import type { FleetCommand } from './fleet-command.js';

export const configDumpReference: FleetCommand = {
  name: 'config:dump-reference',
  description: 'Prints a configuration with all keys, their defaults and what they mean',
  example: 'config:dump-reference > config/distributed_architecture.yaml',
  run: () => print(referenceYaml()),
};

export const configSchema: FleetCommand = {
  name: 'config:schema',
  description: 'Prints the JSON Schema of the configuration, for editors',
  example: 'config:schema > config/distributed_architecture.schema.json',
  run: () => print(configurationSchema()),
};

async function print(text: Promise<string>): Promise<number> {
  process.stdout.write(await text);
  return ExitCode.Ok;
}
