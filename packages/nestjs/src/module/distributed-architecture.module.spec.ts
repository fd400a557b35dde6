import { Injectable, Scope } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Launcher } from '@distributed-architecture/core';
import { describe, expect, it } from 'vitest';
import { AbstractSlaveCommand } from '../commands/abstract-slave-command.js';
import { CommandRegistry } from '../commands/command-registry.js';
import { DuplicateCommandError } from '../commands/command-errors.js';
import { SlaveCommand } from '../commands/slave-command.decorator.js';
import { ProcessRole } from '../role/process-role.js';
import { DistributedArchitectureModule } from './distributed-architecture.module.js';

@SlaveCommand({ name: 'app:one' })
class OneCommand extends AbstractSlaveCommand {
  async runSlave(): Promise<void> {}
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {}

@SlaveCommand({ name: 'app:request' })
@Injectable()
class RequestCommand extends AbstractSlaveCommand {
  constructor(readonly dependency: PerRequest) {
    super();
  }

  async runSlave(): Promise<void> {}
}

@SlaveCommand({ name: 'app:one' })
class SameName extends AbstractSlaveCommand {
  async runSlave(): Promise<void> {}
}

const sameClassName = (() => {
  @SlaveCommand({ name: 'app:two' })
  class OneCommand extends AbstractSlaveCommand {
    async runSlave(): Promise<void> {}
  }
  return OneCommand;
})();

async function boot(...providers: (new (...args: never[]) => unknown)[]) {
  const testing = Test.createTestingModule({ imports: [DistributedArchitectureModule.forRoot()], providers });
  const app = await testing.compile();
  await app.init();
  return app;
}

describe('DistributedArchitectureModule outside a console', () => {
  it('has the role none and a launcher that does not run', async () => {
    const app = await boot();
    expect(app.get(ProcessRole, { strict: false }).name).toBe('none');
    const launcher = app.get(Launcher, { strict: false });
    expect(launcher).toMatchObject({ isMaster: false, isRunning: false, processes: [], groups: [] });
    await expect(launcher.run([])).rejects.toThrow('Only the master runs groups');
    await app.close();
  });

  it('takes its options from a factory', async () => {
    const module = DistributedArchitectureModule.forRootAsync({ useFactory: () => ({ config: 'x.yaml' }) });
    const app = await Test.createTestingModule({ imports: [module] }).compile();
    expect(app.get(ProcessRole, { strict: false }).name).toBe('none');
    await app.close();
  });
});

describe('CommandRegistry', () => {
  it('finds commands by name', async () => {
    const app = await boot(OneCommand);
    const registry = app.get(CommandRegistry, { strict: false });
    expect(await registry.find('app:one')).toBe(app.get(OneCommand));
    expect(await registry.find('app:none')).toBeUndefined();
    expect(registry.names()).toEqual(['app:one']);
    await app.close();
  });

  it('makes an instance of a command that depends on the request scope', async () => {
    const app = await boot(PerRequest, RequestCommand);
    const command = await app.get(CommandRegistry, { strict: false }).find('app:request');
    expect(command).toBeInstanceOf(RequestCommand);
    expect((command as RequestCommand).dependency).toBeInstanceOf(PerRequest);
    await app.close();
  });

  it.each([
    ['name', SameName, 'Two classes are commands named "app:one"'],
    ['class name', sameClassName, 'Two command classes are named OneCommand'],
  ])('refuses two commands of one %s', async (_, twin, message) => {
    const app = await boot(OneCommand, twin);
    const registry = app.get(CommandRegistry, { strict: false });
    expect(() => registry.assertUnique()).toThrow(DuplicateCommandError);
    expect(() => registry.assertUnique()).toThrow(message);
    await app.close();
  });
});
