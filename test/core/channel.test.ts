import { expect, it } from 'vitest';
import { Fleet, program, slave } from '../support/fleet.js';

const IGNORED = 'Ignored a message that is none of ours: ';

it('messages of a slave that nobody understands are logged and ignored', async () => {
  const fleet = await Fleet.run([slave('talks-junk.mjs')]);
  expect(fleet.exitCode).toBe(0);
  const ignored = fleet.texts.filter((text) => text.startsWith(IGNORED)).map((text) => text.slice(IGNORED.length));
  expect(ignored.toSorted()).toEqual(
    [
      '"text"',
      'null',
      '7',
      '[]',
      '{}',
      '{"type":"unknown"}',
      '{"type":"log","level":"loud","message":1}',
      '{"cmd":"NODE_HANDLE"}',
      '"this is no JSON"',
      String.raw`"{\"type\":"`,
      '""',
    ].toSorted(),
  );
  expect(fleet.texts.filter((text) => text === 'between' || text === 'after')).toEqual(['between', 'after']);
});

it('a program that takes the channel for a file harms nothing', async () => {
  const fleet = await Fleet.run([program(`sh -c 'head -c 300000 /dev/urandom >&3; echo >&3; echo done'`)]);
  expect(fleet.exitCode).toBe(0);
  expect(fleet.texts).toContain('done');
});

it('a slave that closes the link itself is asked to stop by that', async () => {
  const fleet = await Fleet.run([slave('leaves-launcher.mjs', { params: { by: 'disconnect' } })]);
  expect(fleet.texts).toEqual(['before', 'goes on: false', 'Ended']);
  expect(fleet.exitCode).toBe(0);
});

it('what a slave forks itself does not take its parent for a launcher', async () => {
  const fleet = await Fleet.run([slave('leaves-launcher.mjs', { params: { by: 'fork' } })]);
  expect(fleet.texts.toSorted()).toEqual(['Ended', 'after', 'before', 'copy without a handler', 'goes on: true']);
});
