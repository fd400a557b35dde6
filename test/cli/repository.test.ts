import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';

/** Programs that are nobody's slaves, so that the example's own store is left alone. */
const YAML = `distributed_architecture:
  name: forms
  groups:
    Sleepers:
      command: node -e 'console.log("working"); setInterval(() => {}, 1000)'
      console: false
      local: { instances_count: 2 }
`;

/** As they are typed in the README. */
const FORMS = [
  'nest start run-master --max-running-time 3600',
  'nest start run-master -- --max-running-time 3600',
  'node apps/run-master/dist/main.js run-master --max-running-time 3600',
];

it.each(FORMS)('in this repository: %s, ended by Ctrl-C', async (form) => {
  const folder = await temporaryFolder({ 'fleet.yaml': YAML });
  const [program = '', ...args] = form.split(' ');
  const env = { DISTRIBUTED_ARCHITECTURE_CONFIG: join(folder, 'fleet.yaml') };
  const running = new RunningProgram(program, args, { cwd: repository, env });
  await running.says('working\n', 2);
  running.send('SIGINT', 'group');
  const { code, output } = await running.end;
  expect(output).toContain('[master] Received SIGINT, stopping');
  expect(output).not.toContain('force kill');
  expect(code).toBe(0);
});
