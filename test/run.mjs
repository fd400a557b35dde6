// `npm test`: every check of the project, one after the other. Ends with `N passed, N failed`, exit code 1 on a failure.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { runCommand } from './setup/command.mjs';
import { leftProcesses, gitStatus, leftFiles, machineState } from './setup/leftovers.mjs';
import { missingPrograms } from './setup/programs.mjs';
import { runVitest } from './setup/vitest.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const temporary = await mkdtemp(join(tmpdir(), 'da-'));
// Some tests run as another user, who has a folder in it.
await chmod(temporary, 0o711);
const packed = join(temporary, 'packed');
await mkdir(packed);
const mark = `DISTRIBUTED_ARCHITECTURE_TEST_RUN=${randomUUID()}`;
const [markName, markValue] = mark.split('=');
const context = {
  root,
  temporary,
  env: {
    ...process.env,
    PATH: join(root, 'node_modules/.bin') + delimiter + process.env.PATH,
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(temporary, 'cache'),
    XDG_RUNTIME_DIR: temporary,
    [markName]: markValue,
    DISTRIBUTED_ARCHITECTURE_TEST_PACKED: packed,
  },
};

const PACK = ['pack', '--silent', '--workspace=packages', '--pack-destination', packed];

/** Each yields `{ passed, failed, notes? }`; a command is one check. */
const steps = [
  ['Programs', () => report(missingPrograms())],
  ['Build', () => runCommand(context, 'tsc', ['-b'])],
  ['Lint', () => runCommand(context, 'npm', ['run', '--silent', 'lint'])],
  ['Format', () => runCommand(context, 'prettier', ['--check', '--log-level', 'warn', '.'])],
  ['Unit specs', () => runVitest(context, 'unit')],
  ['Packages', () => runCommand(context, 'npm', PACK)],
  ['Process tests that wait', () => runVitest(context, 'process', { TEST_POOL: 'waiting' })],
  ['Process tests', () => runVitest(context, 'process', { TEST_POOL: 'busy' })],
];

const before = { files: gitStatus(root), machine: machineState() };
const results = [];
for (const [title, check] of steps) await step(title, check);
await step('No process left', async () => report(await leftProcesses(mark)));
await step('No network or mount left', async () =>
  report(machineState().filter((line) => !before.machine.includes(line))),
);
await rm(packed, { recursive: true, force: true });
await step('No file left', async () =>
  report([...leftFiles(temporary), ...gitStatus(root).filter((line) => !before.files.includes(line))]),
);
await rm(temporary, { recursive: true, force: true });

console.log('\n== Result ==');
for (const { notes = [] } of results) for (const note of notes) console.log(note);
for (const { title, passed, failed } of results)
  console.log(`${failed ? 'FAILED' : 'ok    '}  ${title}: ${passed} passed, ${failed} failed`);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;

async function step(title, check) {
  console.log(`\n== ${title} ==`);
  const begun = performance.now();
  const result = await check();
  console.log(`${title}: ${result.failed ? 'FAILED' : 'ok'} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  results.push({ title, ...result });
}

/** One check that has nothing to say when all is well. */
function report(problems) {
  for (const problem of problems) console.log(problem);
  return { passed: problems.length ? 0 : 1, failed: problems.length ? 1 : 0 };
}
