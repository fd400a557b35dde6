import { resolveGroup, type GroupOptions, type Logger, type LogSink } from '@distributed-architecture/core';
import { AbstractSlaveCommand } from '../commands/abstract-slave-command.js';
import type { CommandRegistry } from '../commands/command-registry.js';
import { originLogger } from './origin-logger.js';

/** Asks the commands of the groups whether they may run. */
export class PreRunChecks {
  constructor(
    private readonly registry: Pick<CommandRegistry, 'find'>,
    private readonly sink: LogSink,
  ) {}

  /**
   * The groups that may run, in their order. A command that this application does not know passes; a group that depends
   * on one that is not run is not run either.
   */
  async passing(groups: readonly GroupOptions[]): Promise<GroupOptions[]> {
    const passing: GroupOptions[] = [];
    for (const group of groups) if (await this.#passes(group)) passing.push(group);
    return this.#withDependencies(passing);
  }

  #withDependencies(groups: readonly GroupOptions[]): GroupOptions[] {
    const names = new Set(groups.map(({ name }) => name));
    const missing = ({ dependsOn = [] }: GroupOptions): string | undefined =>
      dependsOn.find((other) => !names.has(other));
    const complete = groups.filter((group) => missing(group) === undefined);
    if (complete.length === groups.length) return complete;
    for (const group of groups) {
      const other = missing(group);
      if (other !== undefined) this.#logger(group).warn(`Not run: it depends on group ${other}, which is not run`);
    }
    return this.#withDependencies(complete);
  }

  #logger(group: GroupOptions): Logger {
    return originLogger(this.sink, { group: group.name, host: 'localhost', display: group.command });
  }

  async #passes(group: GroupOptions): Promise<boolean> {
    const config = resolveGroup(group);
    const logger = this.#logger(group);
    try {
      const command = config.console === false ? undefined : await this.registry.find(config.command);
      const passed = command instanceof AbstractSlaveCommand ? await command.preRunCheck(config, logger) : true;
      if (passed === false) logger.warn('Not run: preRunCheck refused');
      return passed !== false;
    } catch (error) {
      logger.error(error);
      logger.warn('Not run: preRunCheck failed');
      return false;
    }
  }
}
