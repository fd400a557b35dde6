import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { Fleet, program, slave } from '../support/fleet.js';

const PIECE = 65_536;
const CONTINUED = ' [...]';

it.each([{ widest: 1 }, { widest: 4 }])(
  '10 MB without a newline, characters of up to $widest bytes: whole pieces, by their checksum nothing is lost',
  async ({ widest }) => {
    const fleet = await Fleet.run([slave('prints-without-newline.mjs', { params: { megabytes: 10, widest } })]);
    const [, checksum, bytes] = /^checksum (\w+) of (\d+) bytes$/m.exec(fleet.texts.join('\n'))!;
    const pieces = fleet.texts.filter((text) => text.length > PIECE / 8);
    expect(pieces.findIndex((text) => !text.endsWith(CONTINUED))).toBe(pieces.length - 1);
    const contents = pieces.map((text) => Buffer.from(text.replace(CONTINUED, '')));
    for (const { length } of contents.slice(0, -1)) {
      expect(length).toBeLessThanOrEqual(PIECE);
      expect(length).toBeGreaterThan(PIECE - widest);
    }
    const all = Buffer.concat(contents);
    expect(all).toHaveLength(Number(bytes));
    expect(createHash('sha256').update(all).digest('hex')).toBe(checksum);
    expect(fleet.exitCode).toBe(0);
  },
);

it('binary on both streams: each line is logged as the text that its bytes are, and what follows is whole', async () => {
  const folder = await temporaryFolder();
  const fleet = await Fleet.run([slave('prints-binary.mjs', { params: { bytes: 300_000, folder } })]);
  for (const { name, level } of [
    { name: 'stdout', level: 'log' },
    { name: 'stderr', level: 'warn' },
  ]) {
    const written = linesOf(readFileSync(join(folder, name)));
    const logged = fleet.log.filter((line) => line.level === level && line.text !== 'Ended').map(({ text }) => text);
    expect(logged).toEqual([...written, `last line of ${name}`]);
  }
  expect(fleet.exitCode).toBe(0);
});

it('without any output left a program runs on, and its end is noticed', async () => {
  const fleet = new Fleet([program(`sh -c 'echo last; exec >&- 2>&-; sleep 0.3; exit 3'`)]);
  await fleet.says('last');
  expect(await fleet.end).toEqual({ exitCode: 1 });
  expect(fleet.texts).toEqual(['last', 'Exited with code 3', 'Ended']);
});

it('lines of twenty programs that speak at once, each in two writes, are not mixed', async () => {
  const say = `sh -c 'for i in $(seq 50); do printf "%s" "$$ begins"; printf "%s\\n" " and ends"; done'`;
  const fleet = await Fleet.run([program(say, { local: { instancesCount: 20 } })]);
  const said = fleet.texts.filter((text) => text !== 'Ended');
  expect(said).toHaveLength(1000);
  expect(new Set(said.map((text) => text.replace(/^.* begins/, 'begins')))).toEqual(new Set(['begins and ends']));
});

/** Each byte sequence between newlines as text; what is no UTF-8 shows as the replacement character. */
function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  return lines;
}
