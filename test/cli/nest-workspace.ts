import type { FileTree } from '../setup/temporary-folder.js';

/**
 * Each `nest start` compiles anew. What is tested here is how programs are started and stopped: that the sources agree
 * with the types of the packages, which takes several seconds, is tested where the packages are installed.
 */
const COMPILED_QUICKLY = { noCheck: true, noResolve: true, lib: ['es5'], types: [] };

const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2023',
  rootDir: 'src',
  outDir: 'dist',
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  incremental: true,
  ...COMPILED_QUICKLY,
};

const SETTINGS = {
  sourceRoot: 'src',
  entryFile: 'main',
  exec: 'exec node',
  compilerOptions: { builder: 'tsc', plugins: ['@distributed-architecture/nestjs/plugin'] },
};

/** The projects of a workspace with the one application `run-master`. */
export const RUN_MASTER_PROJECT = { 'run-master': { type: 'application', ...SETTINGS } };

/** What the Nest CLI needs around these sources; `projects` makes it a workspace of several applications. */
export function nestWorkspace(sources: FileTree, projects?: object): FileTree {
  return {
    'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { start: 'nest start run-master' } }),
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['src'] }),
    'nest-cli.json': JSON.stringify({ ...SETTINGS, ...(projects && { monorepo: true, projects }) }),
    ...sources,
  };
}
