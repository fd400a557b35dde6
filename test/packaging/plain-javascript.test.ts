import { expect, it } from 'vitest';
import { runToEnd } from '../setup/run-to-end.js';
import { consumer } from './consumer.js';

const YAML = `distributed_architecture:
  groups:
    Test:
      command: app:test
      params: { Param1: Value1 }
      local: { instances_count: 2 }
`;

const folder = await consumer(
  {
    'config/distributed_architecture.yaml': YAML,
    'main.js': `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { CommandFactory } from 'nest-commander';
import { AbstractSlaveCommand, DistributedArchitectureModule, SlaveCommand } from '@distributed-architecture/nestjs';

class TestCommand extends AbstractSlaveCommand {
  async runSlave(handler) {
    console.log(\`\${handler.groupConfig.params.Param1} \${handler.groupId} of \${handler.groupCount}\`);
  }
}
SlaveCommand({ name: 'app:test', description: 'Test' })(TestCommand);

class AppModule {}
Module({ imports: [DistributedArchitectureModule.forRoot()], providers: [TestCommand] })(AppModule);

await CommandFactory.run(AppModule);
`,
  },
  {
    ours: ['core', 'queue', 'nestjs'],
    others: ['@nestjs/common', '@nestjs/core', 'nest-commander', 'reflect-metadata', 'rxjs'],
  },
);

it('a foreign application in plain JavaScript, its decorators applied by hand, runs its groups by CommandFactory.run', async () => {
  const { code, stdout, stderr } = await runToEnd('node', ['main.js', 'run-master'], { cwd: folder });
  expect(stdout).toMatch(/\[Test\] \[localhost\] \[app:test\/1\/1\] Value1 1 of 2\n/);
  expect(stdout).toMatch(/\[Test\] \[localhost\] \[app:test\/2\/2\] Value1 2 of 2\n/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('run-master is its default command', async () => {
  const { code, stdout } = await runToEnd('node', ['main.js'], { cwd: folder });
  expect(stdout).toContain('Value1 2 of 2\n');
  expect(code).toBe(0);
});
