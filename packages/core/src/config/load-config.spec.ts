import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { group, text } from './broken-yaml.spec.helper.js';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';

describe('loadConfig', () => {
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'config-'));
  });

  afterEach(() => rm(cwd, { recursive: true }));

  const load = async (content: string | Uint8Array, env = {}) => {
    await writeFile(join(cwd, 'config.yaml'), content);
    return loadConfig({ file: 'config.yaml', cwd, env: { HOME: '/home/me', ...env } });
  };

  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error: unknown) => (error instanceof ConfigError ? error.message : error),
    );

  it('gives groups in the order of the file, with defaults left open', async () => {
    const config = await load(
      text(
        'distributed_architecture:',
        '  name: my-app',
        '  groups:',
        '    "2": { command: b, local: {} }',
        '    "1": { command: a, console: false, params: { a: [1, 0x10, true, null, 2001-01-01], "yes": yes }, local: { instances_count: 2 } }',
      ),
    );
    expect(config).toEqual({
      name: 'my-app',
      groups: [
        { name: '2', command: 'b', local: {} },
        {
          name: '1',
          command: 'a',
          console: false,
          params: { a: [1, 16, true, null, '2001-01-01'], yes: 'yes' },
          local: { instancesCount: 2 },
        },
      ],
      queueGroups: [],
    });
    expect(Object.getPrototypeOf(config.groups[0])).toBe(Object.prototype);
  });

  it('resolves paths', async () => {
    const { groups } = await load(
      group('path: app', 'console: dist/main.js', 'bin_path: ~/bin/node', 'local: { path: "~", bin_path: node }'),
    );
    expect(groups).toMatchObject([
      {
        path: join(cwd, 'app'),
        console: 'dist/main.js',
        binPath: '/home/me/bin/node',
        local: { path: '/home/me', binPath: 'node' },
      },
    ]);
  });

  it('says that ~ alone is nothing in YAML', async () => {
    expect(await failure(load(group('path: ~', 'local: {}')))).toBe(
      'config.yaml:5:13 groups.First Group.path: found nothing, expected a path ("~" or ~/... for the home folder)',
    );
  });

  it('takes a byte order mark, CR LF and anchors', async () => {
    const yaml = group('params: &p { a: 1 }', 'local: {}', 'env: { A: *p }').replaceAll('\n', '\r\n');
    expect(await failure(load(`\uFEFF${yaml}`))).toBe(
      'config.yaml:5:18 groups.First Group.env.A: found a mapping, expected a text, a number or a boolean',
    );
    const shared = group('params: { a: &x [1], b: *x }', 'local: {}');
    expect((await load(`\uFEFF${shared}`)).groups[0]?.params).toEqual({ a: [1], b: [1] });
  });

  it('keeps a parameter named __proto__ a parameter', async () => {
    const { groups } = await load(group('params: { __proto__: { evil: 1 } }', 'local: {}'));
    expect(Object.keys(groups[0]?.params ?? {})).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['evil']).toBeUndefined();
  });

  it('says that the file does not exist', async () => {
    expect(await failure(loadConfig({ file: 'none.yaml', cwd }))).toBe('none.yaml: the file does not exist');
    expect(await failure(loadConfig({ file: '/none/none.yaml', cwd }))).toBe(
      '/none/none.yaml: the file does not exist',
    );
  });

  it('says that it is a directory', async () => {
    expect(await failure(loadConfig({ file: cwd, cwd: '/' }))).toBe(
      `${cwd.slice(1)}: found a directory, expected a file`,
    );
  });

  it('says that it is not UTF-8', async () => {
    expect(await failure(load(Uint8Array.of(0x61, 0xff, 0xfe)))).toBe('config.yaml: the file is not UTF-8');
  });

  it('says that it is too large', async () => {
    const message = 'config.yaml: the file is larger than 1048576 bytes';
    expect(await failure(load('#'.repeat(1_048_577)))).toBe(message);
    expect(await failure(load('#'.repeat(1_048_576)))).not.toBe(message);
  });
});
