import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';

const PKCS8 = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/;

const PUBLIC = /^(?:ssh|ecdsa|sk)-\S+ AAAA/;

const IS_PUBLIC = 'it is a public key, not the private one';

/** Why a file is no private key that can be used; for people, without the file's name. */
export class UnusableKey extends Error {
  constructor(
    readonly kind: 'missing' | 'unreadable' | 'open' | 'encrypted' | 'passphrase' | 'format',
    message: string,
  ) {
    super(message);
  }
}

/** Private keys by their files. Each is read and decrypted once, as long as it does not change: that takes its time. */
export class PrivateKeys {
  readonly #keys = new Map<string, { readonly version: string; readonly key: ParsedKey }>();

  /**
   * @param passphrase of an encrypted key
   * @throws UnusableKey
   */
  async read(file: string, passphrase: string | undefined): Promise<ParsedKey> {
    const version = `${await versionOf(file)} ${passphrase ?? ''}`;
    const known = this.#keys.get(file);
    if (known?.version === version) return known.key;
    const key = parse(await contentOf(file), passphrase);
    this.#keys.set(file, { version, key });
    return key;
  }
}

/** As ssh does, it refuses a key of the user's own that others may read. */
async function versionOf(file: string): Promise<string> {
  const stats = await stat(file).catch(refuse);
  const { mode, uid, mtimeMs, size, ino } = stats;
  // A pipe may never end.
  if (!stats.isFile()) throw new UnusableKey('unreadable', 'it is no file');
  if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
    if (PUBLIC.test((await contentOf(file)).toString('latin1'))) throw new UnusableKey('format', IS_PUBLIC);
    const found = (mode & 0o777).toString(8);
    throw new UnusableKey('open', `others may read it (mode ${found}): chmod 600 ${file}`);
  }
  return `${mtimeMs} ${size} ${ino}`;
}

async function contentOf(file: string): Promise<Buffer> {
  return readFile(file).catch(refuse);
}

function refuse({ code, message }: NodeJS.ErrnoException): never {
  if (code === 'ENOENT' || code === 'ENOTDIR') throw new UnusableKey('missing', 'there is no such file');
  throw new UnusableKey('unreadable', `it cannot be read: ${message}`);
}

function parse(content: Buffer, passphrase: string | undefined): ParsedKey {
  const key = PKCS8.test(content.toString('latin1')) ? parsePkcs8(content, passphrase) : parseAny(content, passphrase);
  if (key instanceof Error) throw unusable(key, passphrase !== undefined);
  if (!key.isPrivateKey()) throw new UnusableKey('format', IS_PUBLIC);
  return key;
}

function parseAny(content: Buffer | string, passphrase?: string): ParsedKey | Error {
  const parsed: unknown = ssh2.utils.parseKey(content, passphrase);
  // The type says one key, a file may have several, and a key that fails is an error among them.
  return (Array.isArray(parsed) ? parsed[0] : parsed) as ParsedKey | Error;
}

/** The one format that ssh reads and the library does not: openssl writes it. */
function parsePkcs8(content: Buffer, passphrase: string | undefined): ParsedKey | Error {
  try {
    const key = createPrivateKey({ key: content, format: 'pem', ...(passphrase !== undefined && { passphrase }) });
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    return parseAny(key.export({ format: 'pem', type }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return new Error(code === 'ERR_MISSING_PASSPHRASE' ? 'Encrypted, but no passphrase given' : message);
  }
}

/** The parser tells these apart by words alone. */
function unusable({ message }: Error, hasPassphrase: boolean): UnusableKey {
  if (/encrypted/i.test(message) && /no passphrase/i.test(message)) {
    return new UnusableKey(
      'encrypted',
      'it is encrypted: name the environment variable that has its passphrase in passphrase_env',
    );
  }
  if (hasPassphrase && /passphrase|integrity|decrypt|malformed/i.test(message)) {
    return new UnusableKey('passphrase', 'the passphrase is wrong');
  }
  return new UnusableKey('format', `it is no private key in the formats of OpenSSH or PEM (${message})`);
}
