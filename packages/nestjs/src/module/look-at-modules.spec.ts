import { forwardRef, Module, type Type } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { SlaveCommand } from '../commands/slave-command.decorator.js';
import { AbstractSlaveCommand } from '../commands/abstract-slave-command.js';
import { DistributedArchitectureModule } from './distributed-architecture.module.js';
import { lookAtModules } from './look-at-modules.js';

@SlaveCommand({ name: 'app:one' })
class OneCommand extends AbstractSlaveCommand {
  async runSlave(): Promise<void> {}
}

const ours = DistributedArchitectureModule.forRoot({ config: 'a.yaml', isGlobal: true });

function moduleWith(metadata: Parameters<typeof Module>[0]): Type<unknown> {
  @Module(metadata)
  class SomeModule {}
  return SomeModule;
}

describe('an application that is looked at without booting it', () => {
  it('shows the options of our module, however deep it is imported', () => {
    const inner = moduleWith({ imports: [ours] });
    const outer = moduleWith({ imports: [moduleWith({}), moduleWith({ imports: [inner] })] });
    expect(lookAtModules(outer).options).toEqual({ config: 'a.yaml' });
  });

  it('shows them in a dynamic module, and behind a forward reference', () => {
    const root = { module: moduleWith({}), imports: [forwardRef(() => moduleWith({ imports: [ours] }))] };
    expect(lookAtModules(root as never).options).toEqual({ config: 'a.yaml' });
  });

  it('shows the names of commands', () => {
    const provided = moduleWith({ providers: [OneCommand, { provide: 'x', useValue: 1 }] });
    const root = moduleWith({ imports: [provided, ours] });
    expect(lookAtModules(root).commands).toEqual(new Set(['app:one']));
    const byClass = moduleWith({ providers: [{ provide: 'command', useClass: OneCommand }] });
    expect(lookAtModules(byClass).commands).toEqual(new Set(['app:one']));
  });

  it('has no options where they are made at the boot, or there is no module of ours', () => {
    const late = DistributedArchitectureModule.forRootAsync({ useFactory: () => ({ config: 'b.yaml' }) });
    expect(lookAtModules(moduleWith({ imports: [late] })).options).toBeUndefined();
    expect(lookAtModules(moduleWith({ imports: [Promise.resolve(ours)] })).options).toBeUndefined();
    expect(lookAtModules(moduleWith({})).options).toBeUndefined();
  });

  it('is no matter when modules import each other', () => {
    const first = moduleWith({});
    const second = moduleWith({ imports: [first, ours] });
    Reflect.defineMetadata('imports', [second, undefined], first);
    expect(lookAtModules(first).options).toEqual({ config: 'a.yaml' });
  });
});
