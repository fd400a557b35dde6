/** What stands for a value that is not shown. */
export const MASK = '***';

/** Names whose values nobody should read over a shoulder: `apiKey`, `db_password`, `authToken`, `--private-key` ... */
const SECRET_NAME =
  /pass(?:word|wd|phrase)?$|pwd|secret|token|credential|bearer|authori[sz]ation|(?:api|private|access|signing|encryption)[_-]?key|^key$|auth$|cookie|dsn/iu;

/** Where another URL begins in a list or a sentence; what has no blank, comma ... before it may be part of a password. */
const NEXT_URL = /(?<=[\s,;|"'])(?=[a-z][\w+.-]*:\/\/)/iu;

/**
 * `scheme://user:password@`. A password may have all in it that a URL would have to encode, `/` and `@` too, since many
 * programs take it so: up to the last `@`.
 */
const URL_PASSWORD = /(:\/\/[^\s:]*:).*@/su;

const ASSIGNMENT = /([\w.-]+)\s*=\s*/gu;

/** What is assigned in a text: up to a blank that is not within quotes. */
const VALUE = /(?:"[^"]*"|'[^']*'|\S)+/uy;

/** What is assigned in a word of a command: the rest of it, but for the quote that the word began with. */
const REST_OF_WORD = /(?:".*"|'.*')$|.+?(?=["']?$)/suy;

/** Like those of `splitCommand`, and also what has a quote too few. */
const WORD = /(?:\\.|"(?:[^"\\]|\\.)*"|'[^']*'|\S)+/gsu;

const OPTION = /^["']?--?([\w.-]+)["']?$/u;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A text with `***` for passwords of URLs, and for what is assigned to a name that looks secret. Rather too much than too little. */
export function maskText(text: string): string {
  return maskAssignments(maskUrls(text), VALUE);
}

/** A command with `***` also for the arguments of options that look secret: `--password x`, `--token=x`. */
export function maskCommand(command: string): string {
  let isArgument = false;
  return command.replaceAll(WORD, (word) => {
    if (isArgument) {
      isArgument = false;
      return MASK;
    }
    isArgument = isSecretName(OPTION.exec(word)?.[1] ?? '');
    return maskAssignments(maskUrls(word), REST_OF_WORD);
  });
}

function maskUrls(text: string): string {
  return text.split(NEXT_URL).map(maskUrl).join('');
}

function maskUrl(text: string): string {
  const end = text.lastIndexOf('@') + 1;
  return text.slice(0, end).replace(URL_PASSWORD, `$1${MASK}@`) + text.slice(end);
}

function maskAssignments(text: string, value: RegExp): string {
  let masked = '';
  let end = 0;
  for (const match of text.matchAll(ASSIGNMENT)) {
    const start = match.index + match[0].length;
    if (match.index < end || !isSecretName(match[1]!)) continue;
    value.lastIndex = start;
    const length = value.exec(text)?.[0].length ?? 0;
    masked += text.slice(end, start) + (length > 0 ? MASK : '');
    end = start + length;
  }
  return masked + text.slice(end);
}
