import { expect, it } from 'vitest';
import { fleet, Program } from './harness/program.js';

const LOOP = fleet({ Loops: { command: 'app:loop' } });
const SAY = fleet({ Talkers: { command: 'app:say', params: { text: 'hello' } } });

it('a second master of the package ends with exit code 75 and says who runs; one with another name runs', async () => {
  const first = await Program.start('main', [], { yaml: LOOP });
  await first.says('[app:loop/1/1] turn');
  const second = await Program.run('main', [], { yaml: SAY });
  expect(second.exitCode).toBe(75);
  expect(second.output).toMatch(
    /^A master of the fleet distributed-architecture-workspace runs already, pid \d+: stop it first/m,
  );
  expect(second.output).not.toMatch(/^\s+at /m);
  const named = SAY.replace('{"groups"', '{"name":"other","groups"');
  expect((await Program.run('main', [], { yaml: named })).exitCode).toBe(0);
  first.kill('SIGTERM');
  expect(await first.ended).toBe(0);
});
