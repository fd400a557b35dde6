import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runToEnd } from '../setup/run-to-end.js';
import { consumer } from './consumer.js';

const folder = await consumer(
  {
    'master.mjs': `import { Launcher } from '@distributed-architecture/core';

const launcher = new Launcher({ timeout: 60 });
launcher.on('process_stopped', ({ process, exit }) => console.log(\`seen: \${process.display} \${exit.code} \${exit.reason}\`));
const group = { name: 'Plain', command: 'add', console: 'slave.mjs', params: { summands: [1, 2, 3] }, local: { instancesCount: 2 } };
const { exitCode } = await launcher.run([group]);
console.log(\`exit code \${exitCode}\`);
`,
    'slave.mjs': `import { runSlave } from '@distributed-architecture/core';

await runSlave(async (handler) => {
  const sum = handler.groupConfig.params.summands.reduce((total, summand) => total + summand, handler.groupId);
  console.log(\`\${process.argv[2]}: \${sum}\`);
});
`,
  },
  { ours: ['core'], others: [] },
);

it('core alone: a plain script is the master, another the slave, and nothing of Nest is installed', async () => {
  const { code, stdout, stderr } = await runToEnd('node', ['master.mjs'], { cwd: folder });
  expect(stdout).toMatch(/log \[Plain\] \[localhost\] \[add\/1\/1\] add: 7\n/);
  expect(stdout).toMatch(/log \[Plain\] \[localhost\] \[add\/2\/2\] add: 8\n/);
  expect(stdout).toContain('seen: add/1/1 0 ended\n');
  expect(stdout).toContain('exit code 0\n');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await readdir(join(folder, 'node_modules'))).not.toContain('@nestjs');
});
