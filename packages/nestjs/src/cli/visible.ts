const ESCAPE = String.fromCodePoint(0x1b);

const COLOURS_AND_TABS = new RegExp(`(${ESCAPE}\\[[\\d;]*m|\\t)`, 'u');

const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text for a terminal: what would move the cursor is not printed; colours and tabs stay. */
export function visible(text: string): string {
  const parts = text.split(COLOURS_AND_TABS);
  return parts.map((part, index) => (index % 2 === 1 ? part : part.replaceAll(CONTROLS, '?'))).join('');
}

/** The same without colours and tabs, for a cell of a table. */
export function plain(text: string): string {
  return text.replaceAll(CONTROLS, '?');
}
