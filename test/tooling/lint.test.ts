import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runToEnd, type ProgramResult } from '../setup/run-to-end.js';
import { linkNodeModules, repository, temporaryFolder, type FileTree } from '../setup/temporary-folder.js';

const CONFIGURATION = ['.oxlintrc.json', '.dependency-cruiser.mjs', 'tsconfig.base.json'];

/** Runs the lint of this repository on a small copy of its folders that holds these files. */
async function lint(files: FileTree): Promise<ProgramResult> {
  const folder = await temporaryFolder({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': '{ "extends": "./tsconfig.base.json", "include": ["packages", "apps"] }',
    'packages/core/src/value.ts': 'export const value = 1;\n',
    'packages/queue/src/value.ts': 'export const value = 1;\n',
    'packages/nestjs/src/value.ts': 'export const value = 1;\n',
    'apps/example/src/value.ts': 'export const value = 1;\n',
    ...files,
  });
  for (const name of CONFIGURATION) await cp(join(repository, name), join(folder, name));
  await linkNodeModules(folder);
  const command = 'oxlint --type-aware --deny-warnings packages apps && depcruise packages apps';
  return runToEnd('sh', ['-c', command], { cwd: folder });
}

const importing = (specifier: string): string => `import { value } from '${specifier}';\nexport const other = value;\n`;

const VIOLATIONS: readonly (readonly [string, FileTree, string])[] = [
  ['core imports Nest', { 'packages/core/src/a.ts': importing('@nestjs/common') }, 'core runs without Nest'],
  [
    'core imports Nest when it runs',
    { 'packages/core/src/a.ts': "export const load = async (): Promise<unknown> => import('@nestjs/common');\n" },
    'core runs without Nest',
  ],
  ['core imports nest-commander', { 'packages/core/src/a.ts': importing('nest-commander') }, 'core runs without Nest'],
  [
    'core imports the nestjs package',
    { 'packages/core/src/a.ts': importing('@distributed-architecture/nestjs') },
    'core is the first of the packages',
  ],
  [
    'core imports the queue package',
    { 'packages/core/src/a.ts': importing('@distributed-architecture/queue') },
    'core is the first of the packages',
  ],
  ['queue imports Nest', { 'packages/queue/src/a.ts': importing('@nestjs/common') }, 'queue runs without Nest'],
  [
    'queue imports the nestjs package',
    { 'packages/queue/src/a.ts': importing('@distributed-architecture/nestjs') },
    'queue uses core only',
  ],
  [
    'queue imports a source of core',
    { 'packages/queue/src/a.ts': importing('../../core/src/value.js') },
    'by its name',
  ],
  [
    'core imports an application',
    { 'packages/core/src/a.ts': importing('../../../apps/example/src/value.js') },
    'run one way',
  ],
  [
    'nestjs imports an application',
    { 'packages/nestjs/src/a.ts': importing('../../../apps/example/src/value.js') },
    'run one way',
  ],
  [
    'a package imports itself by its name',
    { 'packages/nestjs/src/a.ts': importing('@distributed-architecture/nestjs/cli') },
    'does not import itself',
  ],
  [
    'a package imports its own index',
    {
      'packages/core/src/index.ts': "export * from './value.js';\n",
      'packages/core/src/deep/a.ts': importing('../index.js'),
    },
    'index.ts is for users of the package',
  ],
  [
    'an application imports the inside of a package',
    { 'apps/example/src/a.ts': importing('@distributed-architecture/core/dist/value.js') },
    'by its public paths',
  ],
  [
    'an application imports a source of a package',
    { 'apps/example/src/a.ts': importing('../../../packages/core/src/value.js') },
    'by its name',
  ],
  [
    'a package imports a source of another',
    { 'packages/nestjs/src/a.ts': importing('../../core/src/value.js') },
    'by its name',
  ],
  [
    'two files import each other',
    {
      'packages/core/src/a.ts': "import { b } from './b.js';\nexport const a = (): number => b();\n",
      'packages/core/src/b.ts': "import { a } from './a.js';\nexport const b = (): number => a();\n",
    },
    'no-cycle',
  ],
  [
    'two files import types from each other',
    {
      'packages/core/src/a.ts': "import type { B } from './b.js';\nexport interface A {\n  b: B;\n}\n",
      'packages/core/src/b.ts': "import type { A } from './a.js';\nexport interface B {\n  a?: A;\n}\n",
    },
    'no-cycle',
  ],
  [
    'a file imports, when it runs, one that imports it',
    {
      'packages/core/src/a.ts': "export const a = async (): Promise<number> => (await import('./b.js')).b;\n",
      'packages/core/src/b.ts': "import { a } from './a.js';\nexport const b = 1;\nexport const c = a;\n",
    },
    'no-cycle',
  ],
  [
    'a promise is neither awaited nor handled',
    {
      'packages/core/src/a.ts':
        'const work = async (): Promise<number> => 1;\nexport const run = (): void => {\n  work();\n};\n',
    },
    'no-floating-promises',
  ],
  ['any is written', { 'packages/core/src/a.ts': 'export const a = (b: any): unknown => b;\n' }, 'no-explicit-any'],
];

describe('lint', () => {
  it('accepts the imports that the design allows', async () => {
    const result = await lint({
      'packages/core/src/a.ts': importing('./value.js'),
      'packages/queue/src/a.ts': "export { Launcher } from '@distributed-architecture/core';\n",
      'packages/nestjs/src/a.ts':
        "export { Launcher } from '@distributed-architecture/core';\nexport { Module } from '@nestjs/common';\n",
      'apps/example/src/a.ts':
        "export { Launcher } from '@distributed-architecture/core';\nexport { runConsole } from '@distributed-architecture/nestjs/cli';\n",
    });
    expect(result).toMatchObject({ code: 0 });
  });

  it.each(VIOLATIONS)('refuses that %s', async (_title, files, message) => {
    const { code, stdout, stderr } = await lint(files);
    expect(stdout + stderr).toContain(message);
    expect(code).not.toBe(0);
  });
});
