import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { repository } from '../setup/temporary-folder.js';

interface SplitModule {
  readonly SWITCHES: readonly string[];
  readonly VALUED: readonly string[];
  splitArguments(args: readonly string[], projects: readonly string[]): { nest: string[]; application: string[] };
}

const require = createRequire(import.meta.url);
const plugin = require(join(repository, 'packages/nestjs/plugin/nest-start-arguments.cjs')) as SplitModule;

/** The flags that `nest start` of the installed CLI declares, by whether they take a value. */
async function declaredFlags(): Promise<{ switches: string[]; valued: string[] }> {
  const file = join(repository, 'node_modules/@nestjs/cli/commands/start.command.js');
  const { StartCommand } = (await import(pathToFileURL(file).href)) as {
    StartCommand: new () => { load(program: unknown): void };
  };
  const flags = { switches: ['-h', '--help'], valued: [] as string[] };
  const recorder: object = new Proxy(
    {},
    {
      get: (_target, method) => (declaration: string) => {
        if (method === 'option') {
          const names = declaration.match(/(?<=^|[ ,])--?[\w-]+/g) ?? [];
          (declaration.includes('[') ? flags.valued : flags.switches).push(...names);
        }
        return recorder;
      },
    },
  );
  new StartCommand().load(recorder);
  return flags;
}

/** What is typed after `nest start`; Nest's part; the application's part. `shop` is the one project. */
const TABLE: readonly (readonly [string, string, string])[] = [
  ['', '', ''],
  ['shop', 'shop', ''],
  ['shop --max-running-time 3600', 'shop', '--max-running-time 3600'],
  ['shop --max-running-time=3600', 'shop', '--max-running-time=3600'],
  ['--max-running-time 3600', '', '--max-running-time 3600'],
  ['run-master --max-running-time 3600', '', 'run-master --max-running-time 3600'],
  ['shop app:test --now', 'shop', 'app:test --now'],
  ['shop shop', 'shop', 'shop'],
  ['--timeout 5 shop', '', '--timeout 5 shop'],
  ['shop --watch --max-running-time 3600', 'shop --watch', '--max-running-time 3600'],
  ['--max-running-time 3600 -w', '-w', '--max-running-time 3600'],
  ['-c other.json shop --timeout 5', '-c other.json shop', '--timeout 5'],
  ['--config=other.json shop --config-file a.yaml', '--config=other.json shop', '--config-file a.yaml'],
  ['-wd 9229 shop --timeout 5', '-wd 9229 shop', '--timeout 5'],
  ['-d0.0.0.0:9229 shop --timeout 5', '-d0.0.0.0:9229 shop', '--timeout 5'],
  ['--debug --timeout 5', '--debug', '--timeout 5'],
  ['-e node shop --no-shell --timeout 5', '-e node shop --no-shell', '--timeout 5'],
  ['shop --max-process-timeout -1', 'shop', '--max-process-timeout -1'],
  ['shop --env-file a.env --env-file=b.env -x', 'shop --env-file a.env --env-file=b.env', '-x'],
];

const words = (text: string): string[] => text.split(' ').filter(Boolean);

describe('plugin of the Nest CLI', () => {
  it('knows all flags of `nest start`', async () => {
    const { switches, valued } = await declaredFlags();
    expect([...plugin.SWITCHES].sort()).toEqual(switches.sort());
    expect([...plugin.VALUED].sort()).toEqual(valued.sort());
  });

  it.each(TABLE)('nest start %s', (typed, nest, application) => {
    const split = plugin.splitArguments(words(typed), ['shop']);
    expect(split).toEqual({ nest: words(nest), application: words(application) });
  });
});
