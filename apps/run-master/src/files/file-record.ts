/** What a file's content says. Lines and words are counted as `wc` does it: newlines, and what stands between spaces. */
export interface FileContent {
  /** `binary` has a zero byte near its beginning (as git judges it), `unreadable` could not be read to its end. */
  kind: 'text' | 'binary' | 'unreadable';
  bytes: number;
  lines: number;
  words: number;
  /** Hexadecimal; empty unless the file is text. */
  sha256: string;
}

/** One file in the store. */
export interface FileRecord extends FileContent {
  /** Relative to the folder that is counted. */
  path: string;
  /** When it was last changed: milliseconds since 1970. With `bytes` it tells whether a file is still the same. */
  modifiedMs: number;
}
