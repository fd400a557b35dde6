import { describe, expect, it } from 'vitest';
import { splitCommand } from './split-command.js';

describe('splitCommand', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['ls', ['ls']],
    ['  ls   -l\t/tmp\n', ['ls', '-l', '/tmp']],
    [`sh -c 'echo "a b"; sleep 1'`, ['sh', '-c', 'echo "a b"; sleep 1']],
    [`sh -c "echo 'a b'"`, ['sh', '-c', `echo 'a b'`]],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`'' "" x`, ['', '', 'x']],
    [String.raw`a\ b c\"d \'e`, ['a b', 'c"d', `'e`]],
    [String.raw`"a \" b \\ c \$x \n"`, [String.raw`a " b \ c $x \n`]],
    [String.raw`'a \ b'`, [String.raw`a \ b`]],
    ['$HOME *.txt `id` a;b | c > d', ['$HOME', '*.txt', '`id`', 'a;b', '|', 'c', '>', 'd']],
    ['"line one\nline two"', ['line one\nline two']],
    ['grüße "😀 smile"', ['grüße', '😀 smile']],
  ])('%j', (command, words) => {
    expect(splitCommand(command)).toEqual(words);
  });
});
