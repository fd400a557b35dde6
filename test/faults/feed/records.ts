import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One line of a ledger; times are microseconds of the machine's monotonic clock. */
export interface Entry {
  readonly us: number;
  readonly words: readonly string[];
}

/** An incarnation of a consumer: `<master>.<id>.<incarnation>`; of a feeder: `<master>.<incarnation>`. */
export interface Member {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** It said itself that it ended in order. */
  readonly ended: boolean;
}

/** What a launcher told of one incarnation. */
export interface Told {
  readonly name: string;
  readonly pid: number;
  readonly startUs: number;
  /** Infinity while it runs. */
  exitUs: number;
  /** Reason, code and signal. */
  exit: string;
}

export interface Farewell {
  /** Life of the feeder that is gone. */
  readonly life: string;
  /** Number of the consumer's process, with its master. */
  readonly consumer: string;
  readonly text: string;
}

/** All that was written in a round. */
export interface Records {
  readonly feeders: readonly Member[];
  readonly consumers: readonly Member[];
  readonly told: ReadonlyMap<string, Told>;
  readonly farewells: readonly Farewell[];
  /** Masters that ended in order: what their processes said last was heard. */
  readonly orderly: ReadonlySet<string>;
}

export const FEEDER_ID = '1';

const FAREWELL =
  /^line Consumer - \S+\/(\d+)\/\d+ \| .*?(?:Feeder has gone|Stopped without its feeder): not confirmed: (.*)$/;

export function readRecords(folder: string): Records {
  const told = new Map<string, Told>();
  const farewells: Farewell[] = [];
  const masters = globSync(join(folder, 'told-*')).toSorted((a, b) => numberOf(a) - numberOf(b));
  const orderly = new Set<string>();
  for (const file of masters) {
    const entries = linesOf(file);
    readMaster(numberOf(file), entries, told, farewells);
    if (entries.at(-1)?.words[0] === 'end') orderly.add(`${numberOf(file)}`);
  }
  return { feeders: members(folder, 'feeder'), consumers: members(folder, 'consumer'), told, farewells, orderly };
}

/** Incarnations that one master has told of, so far. */
export function readTold(file: string): Told[] {
  const told = new Map<string, Told>();
  readMaster(numberOf(file), linesOf(file), told, []);
  return [...told.values()];
}

function readMaster(master: number, entries: readonly Entry[], told: Map<string, Told>, farewells: Farewell[]): void {
  let life = '';
  // What a dead master leaves has ended before the next one starts anything.
  const begun = entries[0]?.us ?? Infinity;
  for (const each of told.values()) if (each.exitUs === Infinity) each.exitUs = begun;
  for (const { us, words } of entries) {
    const [what, id = ''] = words;
    const name = `${master}.${id}`;
    if (what === 'start') told.set(name, { name, pid: Number(words[2]), startUs: us, exitUs: Infinity, exit: '' });
    if (what === 'start' && id.startsWith(`${FEEDER_ID}.`)) life = `${master}.${id.slice(FEEDER_ID.length + 1)}`;
    if (what === 'exit') endOf(told, name, { us, words });
    const said = what === 'line' ? FAREWELL.exec(words.join(' ')) : null;
    if (said !== null) farewells.push({ life, consumer: `${master}.${said[1]}`, text: said[2] ?? '' });
  }
}

function endOf(told: ReadonlyMap<string, Told>, name: string, { us, words }: Entry): void {
  const each = told.get(name);
  if (each === undefined) return;
  each.exitUs = us;
  each.exit = words.slice(2).join(' ');
}

function members(folder: string, role: string): Member[] {
  return globSync(join(folder, `${role}-*`)).map((file) => {
    const entries = linesOf(file);
    return { name: basename(file).slice(role.length + 1), entries, ended: entries.at(-1)?.words[0] === 'end' };
  });
}

function linesOf(file: string): Entry[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  // What follows the last newline is a line that a kill has torn.
  return lines.slice(0, -1).map((line) => {
    const [us, ...words] = line.split(' ');
    return { us: Number(us), words };
  });
}

function numberOf(file: string): number {
  return Number(/\d+$/.exec(file)?.[0]);
}
