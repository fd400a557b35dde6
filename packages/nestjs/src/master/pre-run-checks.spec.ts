import type { GroupConfig, Logger, LogSink } from '@distributed-architecture/core';
import { describe, expect, it, vi } from 'vitest';
import { AbstractSlaveCommand } from '../commands/abstract-slave-command.js';
import { AbstractSlaveQueueCommand } from '../commands/abstract-slave-queue-command.js';
import { PreRunChecks } from './pre-run-checks.js';

type Check = (group: GroupConfig, logger: Logger) => boolean | Promise<boolean>;

class Checked extends AbstractSlaveCommand {
  constructor(private readonly check: Check) {
    super();
  }

  async runSlave(): Promise<void> {}

  override preRunCheck(group: GroupConfig, logger: Logger): boolean | Promise<boolean> {
    return this.check(group, logger);
  }
}

class QueueChecked extends AbstractSlaveQueueCommand {
  constructor(private readonly check: Check) {
    super();
  }

  override handleItem(): void {}

  override preRunCheck(group: GroupConfig, logger: Logger): boolean | Promise<boolean> {
    return this.check(group, logger);
  }
}

function setUp(commands: Record<string, unknown>) {
  const write = vi.fn<LogSink['write']>();
  const sink: LogSink = { write, writeLines: () => {}, full: () => undefined, flush: async () => {} };
  return { write, checks: new PreRunChecks({ find: async (name) => commands[name] }, sink) };
}

describe('PreRunChecks', () => {
  it('keeps the groups that pass, in their order', async () => {
    const { checks } = setUp({ yes: new Checked(() => true), later: new Checked(async () => false) });
    const groups = [
      { name: 'A', command: 'yes' },
      { name: 'B', command: 'later' },
      { name: 'C', command: 'unknown' },
    ];
    expect((await checks.passing(groups)).map(({ name }) => name)).toEqual(['A', 'C']);
  });

  it('does not ask again what runs, and what depends on that may run', async () => {
    const check = vi.fn<Check>(() => false);
    const { checks } = setUp({ no: new Checked(check), yes: new Checked(() => true) });
    const groups = [
      { name: 'A', command: 'no' },
      { name: 'B', command: 'yes', dependsOn: ['A'] },
      { name: 'C', command: 'no' },
    ];
    expect((await checks.passing(groups, ['A'])).map(({ name }) => name)).toEqual(['A', 'B']);
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('asks the command of a queue group once, about its consumers', async () => {
    const check = vi.fn<Check>(() => false);
    const { checks } = setUp({ queue: new QueueChecked(check), yes: new Checked(() => true) });
    const consumers = { local: { instancesCount: 3, timeout: 7 } };
    const queue = { name: 'Q', command: 'queue', localFeeder: { timeout: 9 }, consumers };
    const groups = [{ name: 'A', command: 'yes' }, queue, { name: 'B', command: 'yes', dependsOn: ['Q'] }];
    expect((await checks.passing(groups)).map(({ name }) => name)).toEqual(['A']);
    expect(check).toHaveBeenCalledTimes(1);
    expect(check.mock.lastCall?.[0]).toMatchObject({ name: 'Q', timeout: 7, queue: { concurrency: 1 } });
  });

  it('asks the command of a group on several hosts once, about its first block', async () => {
    const check = vi.fn<Check>(() => true);
    const { checks } = setUp({ work: new Checked(check), queue: new QueueChecked(check) });
    const remote = [{ hosts: ['one', 'two'], timeout: 7, path: '/srv' }, { hosts: ['three'] }];
    const groups = [
      { name: 'A', command: 'work', remote },
      { name: 'Q', command: 'queue', remoteFeeder: { hosts: ['one'] }, consumers: { remote } },
    ];
    expect(await checks.passing(groups)).toEqual(groups);
    expect(check.mock.calls.map(([{ name, timeout, path }]) => [name, timeout, path])).toEqual([
      ['A', 7, '/srv'],
      ['Q', 7, '/srv'],
    ]);
  });

  it('a group that depends on one that is not run is not run either, all along a chain', async () => {
    const { checks, write } = setUp({ yes: new Checked(() => true), no: new Checked(() => false) });
    const groups = [
      { name: 'Web', command: 'yes', dependsOn: ['Work'] },
      { name: 'Work', command: 'yes', dependsOn: ['Store'] },
      { name: 'Store', command: 'no' },
      { name: 'Other', command: 'yes' },
    ];
    expect((await checks.passing(groups)).map(({ name }) => name)).toEqual(['Other']);
    expect(write.mock.calls.map(([, , message]) => message)).toContain(
      'Not run: it depends on group Work, which is not run',
    );
  });

  it('gives the command the whole group, once, and a logger that names it', async () => {
    const check = vi.fn<Check>((group, logger) => {
      logger.warn('look', 'Check');
      return group.timeout === 30;
    });
    const { checks, write } = setUp({ yes: new Checked(check) });
    expect(await checks.passing([{ name: 'A', command: 'yes', local: { instancesCount: 3 } }])).toHaveLength(1);
    expect(check).toHaveBeenCalledTimes(1);
    const origin = { group: 'A', host: 'localhost', display: 'yes' };
    expect(write).toHaveBeenCalledWith(origin, 'warn', 'look', 'Check');
  });

  it('takes an exception for a refusal and logs it', async () => {
    const broken = new Checked(() => {
      throw new Error('broken check');
    });
    const { checks, write } = setUp({ broken });
    expect(await checks.passing([{ name: 'A', command: 'broken' }])).toEqual([]);
    expect(write.mock.calls[0]).toEqual([
      expect.anything(),
      'error',
      expect.stringContaining('broken check'),
      undefined,
    ]);
  });

  it('does not look for programs that are no console commands', async () => {
    const { checks } = setUp({ yes: new Checked(() => false) });
    expect(await checks.passing([{ name: 'A', command: 'yes', console: false }])).toHaveLength(1);
  });
});
