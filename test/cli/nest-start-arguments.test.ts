import { describe, expect, it } from 'vitest';
import { runToEnd } from '../setup/run-to-end.js';
import { RunningProgram } from '../setup/running-program.js';
import { linkNodeModules, sharedFolder } from '../setup/temporary-folder.js';
import { nestWorkspace, RUN_MASTER_PROJECT } from './nest-workspace.js';

const SOURCES = {
  'src/main.ts': `console.log(\`got \${JSON.stringify(process.argv.slice(2))}\`);
if (process.env.STAYS) setInterval(() => undefined, 1000);
`,
};
const workspace = await sharedFolder(nestWorkspace(SOURCES, RUN_MASTER_PROJECT));
const single = await sharedFolder(nestWorkspace(SOURCES));
await linkNodeModules(workspace);
await linkNodeModules(single);

/** What is typed, and what an application of a workspace with a project `run-master` gets. */
const IN_WORKSPACE: readonly (readonly [string, readonly string[]])[] = [
  ['nest start run-master', []],
  ['nest start run-master --max-running-time 3600', ['--max-running-time', '3600']],
  ['nest start run-master --max-running-time=3600', ['--max-running-time=3600']],
  ['nest start run-master -- --max-running-time 3600', ['--max-running-time', '3600']],
  ['nest start --silent --max-running-time 3600', ['--max-running-time', '3600']],
  ["nest start --config-file 'a file.yaml' -p tsconfig.json", ['--config-file', 'a file.yaml']],
  ['npm start -- --max-running-time 3600', ['--max-running-time', '3600']],
];

describe('nest start, in a real Nest CLI', () => {
  it.each(IN_WORKSPACE)('%s', async (typed, expected) => {
    const { code, stdout, stderr } = await runToEnd('sh', ['-c', typed], { cwd: workspace });
    expect(stdout + stderr).toContain(`got ${JSON.stringify(expected)}\n`);
    expect(code).toBe(0);
  });

  it('passes a first word that names no project on as a command of the application', async () => {
    const { stdout } = await runToEnd('nest', ['start', 'run-master', '--max-running-time', '3600'], { cwd: single });
    expect(stdout).toContain('got ["run-master","--max-running-time","3600"]\n');
  });

  it('passes the arguments on with --watch too, and stops on Ctrl-C', async () => {
    const options = { cwd: workspace, env: { STAYS: 'yes' } };
    const nest = new RunningProgram('nest', ['start', 'run-master', '--watch', '--max-running-time', '3600'], options);
    await nest.says('got ["--max-running-time","3600"]');
    nest.send('SIGINT', 'group');
    expect((await nest.end).code).not.toBeNull();
  });

  it('leaves other commands of the Nest CLI alone', async () => {
    expect(await runToEnd('nest', ['build', 'run-master'], { cwd: workspace })).toMatchObject({ code: 0, stderr: '' });
  });
});
