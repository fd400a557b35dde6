const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** Counts the lines and words of a text that comes in pieces. Works on bytes: UTF-8 has no space inside a character. */
export class TextCounter {
  lines = 0;
  words = 0;
  private inWord = false;

  add(chunk: Uint8Array): void {
    // By index and with local variables: this loop sees every byte of every file.
    let { lines, words, inWord } = this;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      const isSpace = byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN);
      if (byte === NEWLINE) lines++;
      if (!isSpace && !inWord) words++;
      inWord = !isSpace;
    }
    Object.assign(this, { lines, words, inWord });
  }
}
