import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where the C library looks without a PATH. */
const DEFAULT_PATH = '/bin:/usr/bin';

/** Longer first lines are cut by the system as well. */
const INTERPRETER_LINE = 256;

/**
 * Looks a program up as the system does when it executes it: what runs it is our wrapper, whose own words for this are
 * no help.
 *
 * @throws Error with the text that Node has for it, such as `spawn work ENOENT`
 */
export function assertProgram(file: string, cwd: string | undefined, path = DEFAULT_PATH): void {
  if (file === '') throw new Error("The argument 'file' cannot be empty");
  const folder = cwd ?? process.cwd();
  const candidates = file.includes('/') ? [file] : path.split(':').map((each) => `${each || '.'}/${file}`);
  let refusal = 'ENOENT';
  for (const candidate of candidates) {
    const code = refusalOf(resolve(folder, candidate), folder);
    if (code === undefined) return;
    if (code === 'EACCES') refusal = code;
  }
  throw Object.assign(new Error(`spawn ${file} ${refusal}`), { code: refusal });
}

/** Undefined when it can be executed. */
function refusalOf(path: string, folder: string): string | undefined {
  const refusal = accessRefusal(path);
  if (refusal !== undefined) return refusal;
  const interpreter = interpreterOf(path);
  return interpreter === undefined ? undefined : accessRefusal(resolve(folder, interpreter));
}

function accessRefusal(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? undefined : 'EACCES';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** The program of a script's first line (`#!`). */
function interpreterOf(path: string): string | undefined {
  try {
    return /^#![ \t]*([^ \t\n]+)/.exec(head(path))?.[1];
  } catch {
    // It can be executed, but not read.
    return undefined;
  }
}

function head(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(INTERPRETER_LINE);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, INTERPRETER_LINE, 0));
  } finally {
    closeSync(file);
  }
}
