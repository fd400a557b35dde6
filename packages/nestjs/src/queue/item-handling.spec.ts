import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { ModuleRef, ModulesContainer, NestFactory } from '@nestjs/core';
import type { ItemContext, QueueHandler } from '@distributed-architecture/queue';
import { expect, it, onTestFinished } from 'vitest';
import { AbstractSlaveQueueCommand } from '../commands/abstract-slave-queue-command.js';
import { CommandRegistry } from '../commands/command-registry.js';
import { SlaveCommand } from '../commands/slave-command.decorator.js';
import { itemHandling } from './item-handling.js';

let instances = 0;

@Injectable({ scope: Scope.REQUEST })
class PerItem {
  readonly number = ++instances;
}

@Injectable()
class Shared {
  readonly handled: string[] = [];
}

@SlaveCommand({ name: 'scoped' })
class ScopedCommand extends AbstractSlaveQueueCommand<string> {
  constructor(
    @Inject(PerItem) private readonly own: PerItem,
    @Inject(Shared) private readonly shared: Shared,
  ) {
    super();
  }

  override handleItem(_handler: QueueHandler, item: string): void {
    if (item === 'bad') throw new Error('bad item');
    this.shared.handled.push(`${item} by ${this.own.number}`);
  }
}

@SlaveCommand({ name: 'plain' })
class PlainCommand extends AbstractSlaveQueueCommand<string> {
  readonly handled: string[] = [];

  override handleItem(_handler: QueueHandler, item: string): void {
    this.handled.push(item);
  }
}

@Module({ providers: [PerItem, Shared, ScopedCommand, PlainCommand, CommandRegistry] })
class TestModule {}

async function handlingOf(name: string) {
  const app = await NestFactory.createApplicationContext(TestModule, { logger: false });
  onTestFinished(() => app.close());
  const registry = new CommandRegistry(app.get(ModulesContainer), app.get(ModuleRef));
  const { wrapper } = registry.discover(name)!;
  const command = (await registry.find(name)) as AbstractSlaveQueueCommand<string>;
  const handle = itemHandling(command, { moduleRef: app, wrapper });
  return { app, command, handle: (item: string) => handle({} as QueueHandler, item, {} as ItemContext) };
}

it('gives each item an instance of its own where something has request scope', async () => {
  const { app, handle } = await handlingOf('scoped');
  const before = instances;
  await Promise.all([handle('a'), handle('b')]);
  await handle('c');
  const { handled } = app.get(Shared);
  expect(handled.toSorted()).toEqual([`a by ${before + 1}`, `b by ${before + 2}`, `c by ${before + 3}`]);
  await expect(handle('bad')).rejects.toThrow('bad item');
});

it('has one instance, and no promise, for all items else', async () => {
  const { command, handle } = await handlingOf('plain');
  expect(handle('a')).toBeUndefined();
  expect(handle('b')).toBeUndefined();
  expect((command as PlainCommand).handled).toEqual(['a', 'b']);
});

it('runs without an application of our module', () => {
  const command = new PlainCommand();
  void itemHandling(command, undefined)({} as QueueHandler, 'a', {} as ItemContext);
  expect(command.handled).toEqual(['a']);
});
