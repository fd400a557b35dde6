import { expect, it } from 'vitest';
import { fleet, Program } from './harness/program.js';

it('a check that hangs does not keep a second signal from ending the master', async () => {
  const yaml = fleet({ G: { command: 'app:hanging-check' } });
  const program = await Program.start('hanging-main', ['run-master'], { yaml });
  await program.says('checking');
  program.kill('SIGTERM');
  await program.says('Received SIGTERM, stopping');
  program.kill('SIGINT');
  expect(await program.ended).toBe(130);
});

it('a shutdown hook that hangs is ended after stop_timeout; the work is not done again', async () => {
  const yaml = fleet({ G: { command: 'app:hanging-hook', timeout: 1, stop_timeout: 2 } });
  const { exitCode, output } = await Program.run('hanging-main', ['run-master'], { yaml });
  expect(output.split('worked')).toHaveLength(2);
  expect(output).toContain('Timeout reached while waiting for soft stop...');
  expect(exitCode).toBe(0);
});

it('enableShutdownHooks neither takes providers from under a slave nor changes the exit code of the master', async () => {
  const yaml = fleet({ G: { command: 'app:finishing' } });
  const { exitCode, output } = await Program.run('hanging-main', ['run-master'], { yaml });
  expect(output).toContain('finishing, open: true');
  expect(exitCode).toBe(0);
});
