/** What a reader of a page does, in order: run a shell block, write a file, compare what was printed. */
export type TutorialStep =
  | { readonly kind: 'shell'; readonly text: string; readonly line: number }
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly line: number }
  | { readonly kind: 'output'; readonly text: string; readonly line: number };

const BLOCK = /^```(\w+)(?: title=(\S+))?\n(.*?)^```$/gms;

/** The parts of the README that a reader follows in one folder: the tutorial, and what builds on it further down. */
export function tutorialOf(readme: string): string {
  const parts = readme.matchAll(/<!-- tutorial -->(.*?)<!-- \/tutorial -->/gs);
  return Array.from(parts, ([, part]) => part).join('\n');
}

/** The fenced code blocks of a page: `sh`, `text` (printed by the block before), and any language with `title=path`. */
export function tutorialSteps(markdown: string): TutorialStep[] {
  return [...markdown.matchAll(BLOCK)].map((match) => {
    const [, language = '', path, text = ''] = match;
    const line = markdown.slice(0, match.index).split('\n').length;
    if (path) return { kind: 'file', path, text, line };
    if (language === 'sh') return { kind: 'shell', text, line };
    if (language === 'text') return { kind: 'output', text, line };
    throw new Error(`Line ${line}: a block of ${language} is neither a command nor a file nor an output`);
  });
}

/** Lines that must have been printed; `...` stands for any lines, `<time>` for a point in time. */
export function expectedLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && line !== '...');
}

export function withoutTimes(output: string): string {
  return output.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}
