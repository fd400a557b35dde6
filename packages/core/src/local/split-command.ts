const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/gsu;
const PART = /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'\\]+)/gsu;

/**
 * Splits a command into words as a POSIX shell does: blanks separate, single quotes keep all, double quotes and a
 * backslash keep one word together. Nothing is expanded.
 */
export function splitCommand(command: string): string[] {
  return [...command.matchAll(WORD)].map(([word]) => word.replaceAll(PART, unquote));
}

function unquote(_part: string, escaped?: string, double?: string, single?: string, plain?: string): string {
  if (double !== undefined) return double.replaceAll(/\\(["\\$`])/gu, '$1');
  return escaped ?? single ?? plain ?? '';
}
