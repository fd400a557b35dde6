/** What stands for a value that is not shown. */
export const MASK = '***';

/** Names of parameters whose values nobody should read over a shoulder: `apiKey`, `db_password`, `authToken` ... */
const SECRET_NAME =
  /pass(?:word|wd|phrase)?$|pwd|secret|token|credential|api_?key|private_?key|access_?key|^key$|auth$|cookie|dsn/iu;

/** `scheme://user:password@host`: the password. */
const URL_PASSWORD = /([a-z][\w+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(@)/giu;

/** A copy of a parameter with `***` for what looks secret, by its name or because it is the password of a URL. */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(URL_PASSWORD, `$1${MASK}$2`);
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, SECRET_NAME.test(key) ? maskAll(each) : maskSecrets(each)]),
  );
}

/** A copy with `***` for every value; the keys stay. */
export function maskAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskAll);
  if (typeof value !== 'object' || value === null) return MASK;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskAll(each)]));
}
