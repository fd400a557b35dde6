/*
 * Compares what processes wrote themselves (fixtures/application/beats.mjs) with what their master wrote of them. The
 * hosts of a test share the machine's clock, so that times of all ledgers can be compared.
 */
import { crc32 } from 'node:zlib';
import type { Disk } from './disk.js';
import type { ToldLine } from './told.js';

/** What one process wrote: one incarnation of one number under one run of the fleet. */
export interface Life {
  /** `<epoch>.<id>.<incarnation>` */
  readonly name: string;
  readonly id: number;
  /** As its host knows it. */
  readonly pid: number;
  readonly host: string;
  readonly beginUs: number;
  /** Of the last that it wrote. */
  readonly lastUs: number;
  /** So many sentences it was about to say. */
  readonly said: number;
  /** It said itself that it ended in order. */
  readonly ended: boolean;
}

const FILE = /^life-(\d+\.(\d+)\.\d+)-(\d+)$/;
const SENTENCE = / \| said (\S+) (\d+) (\d+)$/;

/** @param folder on the disks */
export function readLives(disks: readonly Disk[], folder: string): Life[] {
  const lives = disks.flatMap((disk) =>
    disk.read(`${folder}/life-*`).map(({ name, text }) => readLife(disk.host.name, name, text)),
  );
  return lives.filter((life) => life !== undefined).toSorted((a, b) => a.beginUs - b.beginUs);
}

function readLife(host: string, file: string, text: string): Life | undefined {
  const [, name = '', id, pid] = FILE.exec(file)!;
  // What follows the last newline is a line that a kill has torn.
  const lines = text.split('\n').slice(0, -1);
  const [first, last] = [lines[0], lines.at(-1)];
  // Killed between making its ledger and writing into it.
  if (first === undefined || last === undefined) return undefined;
  const said = lines.filter((line) => line.includes(' say ')).length;
  const times = { beginUs: Number.parseInt(first), lastUs: Number.parseInt(last) };
  return { name, id: Number(id), pid: Number(pid), host, ...times, said, ended: last.endsWith(' end') };
}

/** No number ever lives twice at a time, and no incarnation has two processes. */
export function overlaps(lives: readonly Life[]): string[] {
  const flaws: string[] = [];
  for (const [id, all] of Map.groupBy(lives, (life) => life.id)) {
    for (const [index, next] of all.entries()) {
      const before = all.slice(0, index);
      const still = before.filter((each) => each.lastUs >= next.beginUs);
      flaws.push(...still.map((each) => `${id} lives twice: ${describe(each)} and ${describe(next)}`));
      const twins = before.filter(({ name }) => name === next.name);
      flaws.push(...twins.map((each) => `one incarnation twice: ${describe(each)} and ${describe(next)}`));
    }
  }
  return flaws;
}

export interface LineFlawsOptions {
  /** Nothing that a process said may be missing: neither it nor its agent was killed. */
  readonly complete: boolean;
}

/** Sentences are in the log once, in their order, as they were said. */
export function lineFlaws(
  lives: readonly Life[],
  told: readonly ToldLine[],
  { complete }: LineFlawsOptions = { complete: true },
): string[] {
  const heard = new Map<string, number[]>();
  const flaws: string[] = [];
  for (const { what, text } of told) {
    const [, name, number, sum] = (what === 'line' ? SENTENCE.exec(text) : null) ?? [];
    if (name === undefined) continue;
    if (crc32(`${name} ${number}`) !== Number(sum)) flaws.push(`changed on its way: ${text}`);
    const numbers = heard.get(name) ?? [];
    const last = numbers.at(-1) ?? 0;
    if (Number(number) <= last) flaws.push(`${name}: ${number} comes after ${last}`);
    numbers.push(Number(number));
    heard.set(name, numbers);
  }
  for (const life of lives) {
    const numbers = heard.get(life.name)?.length ?? 0;
    if (numbers > life.said) flaws.push(`heard more than was said by ${describe(life)}: ${numbers}`);
    if (complete && numbers < life.said) flaws.push(`${life.said - numbers} lines lost of ${describe(life)}`);
  }
  return flaws;
}

/** Who wrote anything after this time, of those who began before it. */
export function outlived(lives: readonly Life[], us: number): string[] {
  return lives
    .filter(({ beginUs, lastUs }) => beginUs < us && lastUs > us)
    .map((life) => `at ${us}: ${describe(life)}`);
}

function describe({ name, host, pid, beginUs, lastUs }: Life): string {
  return `${name} (pid ${pid} on ${host}, ${beginUs} to ${lastUs})`;
}
