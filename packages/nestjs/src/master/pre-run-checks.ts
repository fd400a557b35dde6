import {
  resolveGroup,
  resolveQueueGroup,
  type GroupConfig,
  type GroupOptions,
  type Logger,
  type LogSink,
  type QueueGroupOptions,
} from '@distributed-architecture/core';
import type { CommandRegistry } from '../commands/command-registry.js';
import { SlaveCommandBase } from '../commands/slave-command-base.js';
import { originLogger } from './origin-logger.js';

/** What a master runs. */
export type AnyGroupOptions = GroupOptions | QueueGroupOptions;

/** Asks the commands of the groups whether they may run. */
export class PreRunChecks {
  constructor(
    private readonly registry: Pick<CommandRegistry, 'find'>,
    private readonly sink: LogSink,
  ) {}

  /**
   * The groups that may run, in their order. A command that this application does not know passes; a group that depends
   * on one that is not run is not run either.
   *
   * @param running names of groups that run already: they are not asked again
   */
  async passing<G extends AnyGroupOptions>(groups: readonly G[], running: readonly string[] = []): Promise<G[]> {
    const passing: G[] = [];
    for (const group of groups) {
      if (running.includes(group.name) || (await this.#passes(group))) passing.push(group);
    }
    return this.#withDependencies(passing);
  }

  #withDependencies<G extends AnyGroupOptions>(groups: readonly G[]): G[] {
    const names = new Set(groups.map(({ name }) => name));
    const missing = ({ dependsOn = [] }: AnyGroupOptions): string | undefined =>
      dependsOn.find((other) => !names.has(other));
    const complete = groups.filter((group) => missing(group) === undefined);
    if (complete.length === groups.length) return complete;
    for (const group of groups) {
      const other = missing(group);
      if (other !== undefined) this.#logger(group).warn(`Not run: it depends on group ${other}, which is not run`);
    }
    return this.#withDependencies(complete);
  }

  #logger(group: AnyGroupOptions): Logger {
    return originLogger(this.sink, { group: group.name, host: 'localhost', display: group.command });
  }

  async #passes(group: AnyGroupOptions): Promise<boolean> {
    const config = configOf(group);
    const logger = this.#logger(group);
    try {
      const command = config.console === false ? undefined : await this.registry.find(config.command);
      const passed = command instanceof SlaveCommandBase ? await command.preRunCheck(config, logger) : true;
      if (passed === false) logger.warn('Not run: preRunCheck refused');
      return passed !== false;
    } catch (error) {
      logger.error(error);
      logger.warn('Not run: preRunCheck failed');
      return false;
    }
  }
}

/** Of a queue group what its consumers see: they do the work. */
function configOf(group: AnyGroupOptions): GroupConfig {
  return 'consumers' in group ? resolveQueueGroup(group).consumer : resolveGroup(group);
}
