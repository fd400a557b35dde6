import { expect, it } from 'vitest';
import { Program, queueFleet } from './harness/program.js';

const MAIN = 'queue-attacks-main';

it('process.exit(0) in a handler is a failure of its consumer, which is started again, and not the end of the work', async () => {
  const yaml = queueFleet({ Q: { command: 'app:exits' } });
  const { exitCode, output } = await Program.run(MAIN, ['run-master'], { yaml });
  expect(output).toContain('process.exit was called in the midst of the work, which counts as a failure');
  expect(output).toMatch(/error 5: Consumer 2 has ended, incarnation 1/);
  expect(output).toMatch(/all 40 answered, 3\d successes/);
  expect(exitCode).toBe(0);
});

it('consumers on demand come also for a feeder that does not tell its size', async () => {
  const demand = { min_instances: 0, max_instances: 3, max_idle_time: 60 };
  const yaml = queueFleet({
    Q: { command: 'app:takes-a-while', target_latency: 0.3, consumers: { local: demand } },
  });
  const { exitCode, output } = await Program.run(MAIN, ['run-master'], { yaml });
  expect(output).toMatch(/Starting 1 consumer: 1 item waits, work has waited for \S+ s, and no consumer is idle/);
  expect(output).toContain('all 40 answered, 40 successes');
  expect(output).not.toMatch(/warn .*Cannot connect/);
  expect(exitCode).toBe(0);
});

it('a feeder whose success never settles ends by its stop_timeout; both sides say what they wait for', async () => {
  const yaml = queueFleet({ Q: { command: 'app:never-settles', stop_timeout: 2 } });
  const program = await Program.start(MAIN, ['run-master'], { yaml });
  await program.says('told of 1\n');
  program.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  expect(program.output).toMatch(/Consumer - \S+ Stopping: waits until the feeder has confirmed its answers/);
  expect(program.output).toMatch(/Feeder - \S+ Stopping: waits .*until the source has taken what became of \d+ items?/);
  expect(program.output.match(/Timeout reached while waiting for soft stop/g)).toHaveLength(2);
});

it('a getFeeder that gives nothing is told in one line', async () => {
  const yaml = queueFleet({ Q: { command: 'app:no-feeder-at-all', restart: 'never' } });
  const { exitCode, output } = await Program.run(MAIN, ['run-master'], { yaml });
  expect(output).toContain('A feeder has a method get or getMany, or is an iterable or an ItemSource; this undefined');
  expect(output).not.toContain('    at ');
  expect(exitCode).toBe(1);
});
