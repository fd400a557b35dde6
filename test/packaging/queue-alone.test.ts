import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runToEnd } from '../setup/run-to-end.js';
import { consumer } from './consumer.js';

const folder = await consumer(
  {
    'master.mjs': `import { Launcher } from '@distributed-architecture/core';

const launcher = new Launcher({ timeout: 60 });
const queue = { name: 'Queue', command: 'square', console: 'queue.mjs', params: { to: 5 }, localFeeder: {}, consumers: { local: { instancesCount: 2 } } };
const { exitCode } = await launcher.run([queue]);
console.log(\`exit code \${exitCode}\`);
`,
    'queue.mjs': `import { runQueueSlave } from '@distributed-architecture/queue';

await runQueueSlave({
  *getFeeder({ groupConfig }) {
    for (let number = 1; number <= groupConfig.params.to; number++) yield number;
  },
  handleItem(handler, number) {
    console.log(\`\${number} squared is \${number * number}\`);
  },
});
`,
  },
  { ours: ['core', 'queue'], others: [] },
);

it('core and queue alone: a plain script is the feeder and the consumers, and nothing of Nest is installed', async () => {
  const { code, stdout, stderr } = await runToEnd('node', ['master.mjs'], { cwd: folder });
  for (const number of [1, 2, 3, 4, 5])
    expect(stdout).toContain(`[item ${number}] ${number} squared is ${number ** 2}\n`);
  expect(stdout).toContain('exit code 0\n');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await readdir(join(folder, 'node_modules'))).not.toContain('@nestjs');
});

it('says how it is to be run when it is started by hand', async () => {
  const { code, stderr } = await runToEnd('node', ['queue.mjs'], { cwd: folder });
  expect(stderr).toContain('runs under a launcher only');
  expect(code).toBe(1);
});
