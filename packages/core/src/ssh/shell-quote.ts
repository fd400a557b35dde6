/** Neither `'`, nor `\` (fish), nor `!` (csh) may stand within the quotes. */
const OUTSIDE_QUOTES = /['\\!]/g;

/**
 * Quotes a text so that it is one word for sh, bash, zsh, fish, csh and tcsh alike. It may have no line break: csh
 * takes none.
 */
export function shellQuote(text: string): string {
  return `'${text.replace(OUTSIDE_QUOTES, String.raw`'\$&'`)}'`;
}
