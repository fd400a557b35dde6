/** What somebody does who follows a page without a keyboard: stops a program, pulls a cable, plugs it in again. */
export type Deed = 'ctrl-c' | 'cut' | 'restore';

/** What a reader of a page does, in order: run a shell block, write a file, compare what was printed. */
export type TutorialStep =
  | ({ readonly kind: 'shell'; readonly text: string; readonly line: number } & ShellWords)
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly line: number }
  | { readonly kind: 'output'; readonly text: string; readonly line: number }
  | { readonly kind: 'deed'; readonly deed: Deed; readonly line: number };

/** Who follows a page. */
export type Person = 'user' | 'root';

interface ShellWords {
  /** It goes on in a terminal of its own until Ctrl-C. */
  readonly background: boolean;
  /** It is typed again until it says what stands below it: what it shows takes its time. */
  readonly again: boolean;
  /** Others leave it out. */
  readonly only: Person | undefined;
}

const STEP =
  /^```(\w+)((?: (?:background|again|user|root))*)(?: title=(\S+))?\n(.*?)^```$|^<!-- do: (ctrl-c|cut|restore) -->$/gms;

/** The parts of a page that a reader follows in one folder: the tutorial, and what builds on it further down. */
export function tutorialOf(page: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, '');
  const parts = page.split(/(<!-- tutorial -->.*?<!-- \/tutorial -->)/s);
  return parts.map((part, index) => (index % 2 === 1 ? part : blank(part))).join('');
}

/**
 * The fenced code blocks of a page: `sh` (with `background`, `again`, `user`, `root`: see ShellWords), `text` (printed by
 * the block before), any language with `title=path`; and comments that say what the words between them ask for.
 */
export function tutorialSteps(markdown: string): TutorialStep[] {
  return [...markdown.matchAll(STEP)].map((match) => {
    const [, language, words = '', path, text = '', deed] = match;
    const line = markdown.slice(0, match.index).split('\n').length;
    if (deed !== undefined) return { kind: 'deed', deed: deed as Deed, line };
    if (path !== undefined) return { kind: 'file', path, text, line };
    if (language === 'sh') return { kind: 'shell', text, line, ...shellWords(words) };
    if (language === 'text') return { kind: 'output', text, line };
    throw new Error(`Line ${line}: a block of ${language} is neither a command nor a file nor an output`);
  });
}

function shellWords(words: string): ShellWords {
  const only = (['user', 'root'] as const).find((person) => words.includes(person));
  return { background: words.includes('background'), again: words.includes('again'), only };
}

/**
 * The lines of an output that were not printed. `...` stands for any lines; what follows it was printed later than what
 * stands before it. The order of lines between two of them does not matter: they are of several processes.
 */
export function missingLines(expected: string, printed: string): string[] {
  const lines = printed.split('\n');
  let from = 0;
  return expected.split(/^\.\.\.$/m).flatMap((part) => {
    const wanted = part.split('\n').filter((line) => line !== '');
    const places = wanted.map((line) => lines.indexOf(line, from));
    from = Math.max(from, ...places.map((place) => place + 1));
    return wanted.filter((_, index) => places[index] === -1);
  });
}

/** What differs from run to run and from machine to machine, and what stands for it. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'],
  [/SHA256:[\w+/]{43}/g, '<fingerprint>'],
  [/AAAA[\w+/]{40,}=*/g, '<key>'],
  [/\bv\d+\.\d+\.\d+\b/g, '<version>'],
  [/\b[\da-f]{16}\b/g, '<build>'],
  [/[+-]\d+\.\d s\b/g, '<skew>'],
  [/\[item \d+\] \d+ = [\d x]+/g, '<item>'],
  [/10\.77\.0\.\d+|192\.0\.2\.\d+/g, '<address>'],
  // Columns are as wide as what stands in them.
  [/ {2,}/g, '  '],
  [/\bpid \d+/g, 'pid <pid>'],
  [/"operator":"[^" ]+/g, '"operator":"<user>'],
  [/, up [\dhms ]+, RSS \d+ MB, CPU \d+ %/g, ', <use>'],
  // A process in the table of `master:status`.
  [/( {2}[a-z]+ {2})\d+ {2}[\dhms ]+? {2}(\d+ {2}.+?) {2}(?:\d+ MB|-) {2}(?:\d+ %|-)/g, '$1<pid>  <uptime>  $2  <use>'],
];

/**
 * What is the same wherever and whenever it is printed.
 *
 * @param homes of who prints it; on a page it is /home/deploy
 */
export function withoutVariables(output: string, homes: readonly string[] = ['/home/deploy']): string {
  const named = homes.reduce((text, home) => text.replaceAll(`${home}/`, '~/'), output);
  return VARIABLE.reduce((text, [pattern, name]) => text.replace(pattern, name), named);
}
