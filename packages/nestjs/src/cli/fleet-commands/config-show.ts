import { ExitCode, showConfiguration } from '@distributed-architecture/core';
import { readConfig } from '../../master/config-source.js';
import { CONFIG_FILE, type FleetCommand } from './fleet-command.js';
import { sourceOf } from './config-place.js';

export const configShow: FleetCommand = {
  name: 'config:show',
  description: 'Prints the configuration as it will run: with variables, paths and defaults filled in, secrets masked',
  example: 'config:show --config-file config/production.yaml',
  options: [CONFIG_FILE],
  async run(call) {
    const { file, config } = await sourceOf(call);
    process.stdout.write(await showConfiguration(await readConfig(file, { config }, process.env)));
    return ExitCode.Ok;
  },
};
