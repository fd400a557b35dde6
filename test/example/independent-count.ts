import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the programs of the operating system say of files: the example must say the same. */
export interface IndependentCount {
  files: number;
  bytes: number;
  lines: number;
  words: number;
}

/** `wc` over these files, and `tr` and `grep` for the words: what `wc` takes for a word depends on its version. */
export function count(folder: string, paths: string[]): IndependentCount {
  // `./` tells a file that is called total from the sums, of which xargs may cause more than one.
  const rows = run(
    'xargs',
    ['-0', '--no-run-if-empty', 'wc', '-lc'],
    folder,
    paths.map((path) => `./${path}`),
  ).split('\n');
  const files = rows.map((row) => /^ *(\d+) +(\d+) \.\//.exec(row)).filter((match) => match !== null);
  return {
    files: files.length,
    bytes: files.reduce((sum, [, , bytes]) => sum + Number(bytes), 0),
    lines: files.reduce((sum, [, lines]) => sum + Number(lines), 0),
    words: countWords(folder, paths),
  };
}

/** One word a line; grep adds the newline that a file may lack at its end. */
function countWords(folder: string, paths: string[]): number {
  const script = "xargs -0 grep -ah '' | tr '\\0' x | tr -s ' \\t\\n\\v\\f\\r' '\\n' | grep -acv '^$'";
  return Number(run('sh', ['-c', script], folder, paths));
}

/** `sha256sum` over these files: path to hash. */
export function sha256sum(folder: string, paths: string[]): Map<string, string> {
  const output = run('xargs', ['-0', 'sha256sum', '--zero'], folder, paths);
  return new Map(
    output
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}

/** `find -type f`: relative paths, sorted. */
export function find(folder: string): string[] {
  return run('find', ['.', '-type', 'f', '-printf', '%P\\0'], folder).split('\0').filter(Boolean).sort();
}

/** Those that have a zero byte, by `grep`. */
export function withZeroByte(folder: string, paths: string[]): string[] {
  // grep's exit code 1, nothing found, is no error here.
  const script = "xargs -0 grep -lPa --null '\\x00'; exit 0";
  return run('sh', ['-c', script], folder, paths).split('\0').filter(Boolean).sort();
}

/** The paths that Python does not take for valid text, or valid JSON where their name says so. */
export function invalidFiles(folder: string, paths: string[]): string[] {
  const script = `
import json, sys

def refuse(constant):
    raise ValueError(constant)

for path in sys.stdin.buffer.read().split(b'\\0')[:-1]:
    with open(path, 'rb') as file:
        content = file.read()
    if b'\\0' in content[:8000]:
        continue
    try:
        text = content.decode('utf-8')
        if path.endswith((b'.json', b'.map')):
            json.loads(text, parse_constant=refuse)
    except ValueError:
        sys.stdout.buffer.write(path + b'\\0')
`;
  return run('python3', ['-c', script], folder, paths).split('\0').filter(Boolean).sort();
}

function run(program: string, args: string[], folder: string, paths: string[] = []): string {
  const options = { cwd: join(folder), input: paths.map((path) => `${path}\0`).join(''), encoding: 'utf8' } as const;
  return execFileSync(program, args, { ...options, maxBuffer: 2 ** 28, env: { ...process.env, LC_ALL: 'C' } });
}
