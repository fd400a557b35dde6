import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/setup/longest-first.mjs';
import { poolOf } from './test/setup/pools.mjs';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Unit specs run the sources: an edit needs no build.
        resolve: {
          alias: [
            { find: /^@distributed-architecture\/core$/, replacement: source('packages/core/src/index.ts') },
            { find: /^@distributed-architecture\/nestjs$/, replacement: source('packages/nestjs/src/index.ts') },
            { find: /^@distributed-architecture\/queue$/, replacement: source('packages/queue/src/index.ts') },
            {
              find: /^@distributed-architecture\/nestjs\/cli$/,
              replacement: source('packages/nestjs/src/cli/index.ts'),
            },
          ],
        },
        test: { name: 'unit', include: ['{packages,apps}/*/src/**/*.spec.ts'], isolate: false },
      },
      {
        // Process tests run what is built, as users do, with real processes.
        test: {
          name: 'process',
          ...poolOf(process.env.TEST_POOL),
          setupFiles: ['test/setup/run-directory.ts'],
          // Real processes on a busy machine: what passes only when tried again is told at the end of the run.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
