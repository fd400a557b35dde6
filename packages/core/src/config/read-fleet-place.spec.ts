import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from './broken-yaml.spec.helper.js';
import { readFleetPlace } from './read-fleet-place.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'fleet-place-'))));
afterAll(() => rm(folder, { recursive: true }));

async function placeIn(yaml: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'fleet.yaml'), yaml);
  return readFleetPlace({ file: 'fleet.yaml', cwd: folder, env });
}

describe('where a master is found', () => {
  it('is said by name and pid_path', async () => {
    const yaml = text('distributed_architecture: { name: my-app, pid_path: run }');
    expect(await placeIn(yaml)).toEqual({ name: 'my-app', pidPath: join(folder, 'run') });
  });

  it('is open where the file says nothing of it', async () => {
    expect(await placeIn(text('distributed_architecture: { groups: {} }'))).toEqual({});
    expect(await placeIn(text('something: else'))).toEqual({});
  });

  it('is found while all else is wrong, and other variables are not set', async () => {
    const yaml = text(
      'distributed_architecture:',
      '  name: ${NAME}',
      '  groups: { A: { comand: 1, params: { password: "${NOT_SET}" } } }',
      '  groups: again',
    );
    expect(await placeIn(yaml, { NAME: 'my-app' })).toEqual({ name: 'my-app' });
  });

  it.each([
    ['name: a/b', 'fleet.yaml:1:35 name: found "a/b", expected a name'],
    ['name: "${NOT_SET}"', 'fleet.yaml:1:35 name: found "${NOT_SET}" from the environment, which is not set'],
    ['pid_path: [a]', 'fleet.yaml:1:39 pid_path: found a list, expected a path'],
  ])('is refused where it is wrong itself: %s', async (line, problem) => {
    await expect(placeIn(`distributed_architecture: { ${line} }`)).rejects.toThrow(problem);
  });

  it('needs a file that is YAML', async () => {
    await expect(placeIn('a: [')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(readFleetPlace({ file: 'no.yaml', cwd: folder })).rejects.toThrow('no.yaml');
  });
});
