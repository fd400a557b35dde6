import { describe, expect, it } from 'vitest';
import { runToEnd } from '../setup/run-to-end.js';
import type { FileTree } from '../setup/temporary-folder.js';
import { consumer, neighbour } from './consumer.js';

const YAML = `distributed_architecture:
  groups:
    Test:
      command: app:test
      params: { Param1: Value1 }
      local: { instances_count: 2 }
  queue_groups:
    Queue:
      command: app:queue
      params: { words: [one, two] }
      local_feeder: {}
      consumers: { local: {} }
`;

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    rootDir: 'src',
    outDir: 'dist',
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: false,
    types: ['node'],
  },
  include: ['src'],
};

const MODULE = (extension: string): string => `import { Inject, Module } from '@nestjs/common';
import { AbstractSlaveCommand, AbstractSlaveQueueCommand, DistributedArchitectureModule, Launcher, ProcessRole, QueueItemHandledEvent, SlaveCommand } from '@distributed-architecture/nestjs';
import type { Feeder, GroupConfig, ItemContext, Logger, QueueHandler, QueueView, SlaveHandler } from '@distributed-architecture/nestjs';
import { Users } from './users${extension}';

@SlaveCommand({ name: 'app:test', description: 'Do the work load' })
export class TestCommand extends AbstractSlaveCommand {
  constructor(
    private readonly users: Users,
    private readonly role: ProcessRole,
    @Inject(Launcher) private readonly launcher: Launcher,
  ) {
    super();
  }

  async runSlave(handler: SlaveHandler | null): Promise<void> {
    if (!handler) throw new Error('Not executed by run-master');
    const { Param1 } = handler.groupConfig.params;
    console.log(\`\${this.role.name} \${this.users.first} \${Param1} \${this.launcher.isRunning}\`);
  }

  override preRunCheck(group: GroupConfig, logger: Logger): boolean {
    logger.log(\`checked \${group.name}\`);
    return true;
  }
}

class Words implements Feeder<string> {
  constructor(private readonly words: string[]) {}

  get(): string | undefined {
    return this.words.shift();
  }

  ended(): boolean {
    return this.words.length === 0;
  }

  error(_word: string, reason: Error): void {
    console.log(reason.message);
  }
}

@SlaveCommand({ name: 'app:queue' })
export class QueueCommand extends AbstractSlaveQueueCommand<string> {
  constructor(private readonly users: Users) {
    super();
  }

  override getFeeder(handler: QueueHandler): Feeder<string> {
    return new Words([...handler.groupConfig.params.words]);
  }

  async handleItem(handler: QueueHandler, word: string, context: ItemContext): Promise<void> {
    context.log.log(\`\${this.users.first} \${word} \${context.attempt} \${handler.role}\`);
  }
}

export const tell = ({ item, handler }: QueueItemHandledEvent<string>, views: readonly QueueView[]): string =>
  \`\${item} \${handler.id} \${views[0]?.done}\`;

@Module({ imports: [DistributedArchitectureModule.forRoot()], providers: [TestCommand, QueueCommand, Users] })
export class AppModule {}
`;

const USERS = `import { Injectable } from '@nestjs/common';

@Injectable()
export class Users {
  readonly first = 'Ada';
}
`;

const FLAVOURS = [
  { type: 'module', extension: '.js', run: 'await' },
  { type: 'commonjs', extension: '', run: 'void' },
] as const;

const filesOf = ({ extension, run }: (typeof FLAVOURS)[number]): FileTree => ({
  'config/distributed_architecture.yaml': YAML,
  'tsconfig.json': JSON.stringify(TSCONFIG),
  'src/users.ts': USERS,
  'src/app.module.ts': MODULE(extension),
  'src/main.ts': `import { runConsole } from '@distributed-architecture/nestjs/cli';
import { AppModule } from './app.module${extension}';

${run} runConsole(AppModule);
`,
});

const installed = await consumer(
  {},
  {
    ours: ['core', 'queue', 'nestjs'],
    others: [
      ...['@nestjs/common', '@nestjs/core', '@nestjs/event-emitter', 'nest-commander', 'reflect-metadata', 'rxjs'],
      ...['typescript', '@types/node'],
    ],
  },
);

describe.each(FLAVOURS)('a TypeScript application of type $type', async (flavour) => {
  const folder = await neighbour(installed, filesOf(flavour), flavour.type);

  it('compiles against the packed types, also with skipLibCheck off', async () => {
    expect(await runToEnd('node_modules/.bin/tsc', [], { cwd: folder })).toMatchObject({ code: 0, stdout: '' });
  });

  it('runs its groups and queue groups', async () => {
    const { code, stdout, stderr } = await runToEnd('node', ['dist/main.js', 'run-master'], { cwd: folder });
    expect(stdout).toContain('checked Test\n');
    expect(stdout).toMatch(/\[Test\] \[localhost\] \[app:test\/2\/2\] slave Ada Value1 false\n/);
    expect(stdout).toMatch(/\[Consumer - app:queue\/4\/2\] \[item 2\] Ada two 1 consumer\n/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
