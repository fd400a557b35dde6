import type { FileTree } from '../setup/temporary-folder.js';

/** A Nest application with one group of two slaves that work until they are asked to stop; with STUBBORN=yes longer. */
export const FLEET_APPLICATION: FileTree = {
  'src/main.ts': `import { runConsole } from '@distributed-architecture/nestjs/cli';
import { AppModule } from './app.module.js';

await runConsole(AppModule);
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { DistributedArchitectureModule } from '@distributed-architecture/nestjs';
import { WorkCommand } from './work.command.js';

@Module({ imports: [DistributedArchitectureModule.forRoot()], providers: [WorkCommand] })
export class AppModule {}
`,
  'src/work.command.ts': `import { AbstractSlaveCommand, SlaveCommand, type SlaveHandler } from '@distributed-architecture/nestjs';

@SlaveCommand({ name: 'app:work' })
export class WorkCommand extends AbstractSlaveCommand {
  async runSlave(handler: SlaveHandler | null): Promise<void> {
    console.log('working');
    while (await handler?.sleep(0.1));
    if (process.env.STUBBORN) await new Promise(() => setInterval(() => console.log('not yet'), 1000));
    console.log('stopped cleanly');
  }
}
`,
  'config/distributed_architecture.yaml': `distributed_architecture:
  name: fleet
  groups:
    Work:
      command: app:work
      local: { instances_count: 2 }
`,
};
