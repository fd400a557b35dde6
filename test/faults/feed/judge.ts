/*
 * Compares what the feeder's code, the handlers and the launcher have seen, each by itself. The rules are those of
 * docs/feed-table.md, as seen from outside.
 */
import { flawsOfFarewells } from './farewells.js';
import { historiesOf, type Handling, type ItemHistory, type LifeHistory } from './history.js';
import type { Records } from './records.js';

export interface Plan {
  /** Numbers from 1 on are the items. */
  readonly items: number;
  /** Seconds; 0: none. */
  readonly itemTimeout: number;
}

/** A consumer announces at most so many items before it begins them: of one that dies they count as begun. */
const MOST_ANNOUNCED = 512;

/** The launcher may have told a feeder of an exit a moment before it told its listeners. */
const TOLD_LATE_US = 200_000;

const MOST_EXAMPLES = 5;

type Report = (rule: string, example: string) => void;

/** @returns what is wrong: for each rule how often, with examples */
export function judge(records: Records, plan: Plan): string[] {
  const flaws = new Map<string, string[]>();
  const report: Report = (rule, example) => flaws.set(rule, [...(flaws.get(rule) ?? []), example]);
  const lives = historiesOf(records);
  for (const life of lives.values()) {
    for (const item of life.items.values()) judgeItem(item, { life, records, plan, report });
    judgeAnnounced(life, records, report);
  }
  judgeWhole(lives, plan, report);
  judgeExits(records, report);
  flawsOfFarewells(lives, records, report);
  return [...flaws].map(
    ([rule, examples]) => `${examples.length}x ${rule}: ${examples.slice(0, MOST_EXAMPLES).join('; ')}`,
  );
}

interface Case {
  readonly life: LifeHistory;
  readonly records: Records;
  readonly plan: Plan;
  readonly report: Report;
}

function judgeItem(item: ItemHistory, { life, records, plan, report }: Case): void {
  const say = (rule: string): void => report(rule, `${life.name}#${item.number} ${JSON.stringify(item)}`);
  const [out] = item.outs;
  if (out === undefined) return say('handled, though never handed out in that life');
  if (item.outs.length > 1) say('handed out twice in one life');
  if (item.outcomes.length > 1) say('more than one outcome');
  if (life.ended && item.outcomes.length === 0) say('no outcome, though the feeder ended in order');
  for (const handling of item.handlings) {
    if (handling.sum !== out.sum) say('it has changed on its way');
    if (handling.id !== out.place) say('its number is not its place');
  }
  judgeHandlings(item.handlings, records, say);
  judgeOutcome(item, { records, plan, say });
}

/** One after the other, and again only where the process before is gone: it was killed for another item. */
function judgeHandlings(handlings: readonly Handling[], { told }: Records, say: (rule: string) => void): void {
  const inOrder = handlings.toSorted((a, b) => a.us - b.us);
  for (const [index, next] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before === undefined) continue;
    const process = told.get(before.consumer);
    if (before.consumer === next.consumer) say('begun twice by one process');
    else if (process === undefined || process.exitUs > next.us + TOLD_LATE_US)
      say('begun by a second process while the first lives');
    else if (!process.exit.startsWith('item-timeout'))
      say('begun again, though its process was not killed for another item');
  }
}

function judgeOutcome(
  { handlings, outcomes, outs }: ItemHistory,
  { records, plan, say }: { records: Records; plan: Plan; say: (rule: string) => void },
): void {
  const [outcome] = outcomes;
  if (outcome === undefined) return;
  const { us, kind } = outcome;
  const ended = (what: 'good' | 'threw'): boolean => handlings.some(({ end }) => end?.what === what && end.us <= us);
  if (outcome.what === 'done' && !ended('good')) return say('done, though no handling had ended well');
  if (outcome.what === 'release' && handlings.length > 0) return say('released, though it was begun');
  if (outcome.what !== 'fail') return;
  if (kind === 'error' && !ended('threw')) say('failed, though no handler had thrown');
  else if (kind === 'lost' && !isLoss(handlings, records)) say('lost, though its process has not died');
  else if (kind === 'timeout' && (plan.itemTimeout === 0 || us - outs[0]!.us < plan.itemTimeout * 1e6))
    say('timed out too early');
  else if (!['error', 'lost', 'timeout'].includes(kind)) say(`failed: ${kind}`);
}

/** Where no handler has begun it, it may have been announced: those are counted. */
function isLoss(handlings: readonly Handling[], { consumers }: Records): boolean {
  const last = handlings.toSorted((a, b) => a.us - b.us).at(-1);
  return last === undefined || consumers.some(({ name, ended }) => name === last.consumer && !ended);
}

function judgeAnnounced(life: LifeHistory, { consumers }: Records, report: Report): void {
  const isUnbegun = ({ handlings, outcomes }: ItemHistory): boolean =>
    handlings.length === 0 && outcomes[0]?.kind === 'lost';
  const unbegun = [...life.items.values()].filter(isUnbegun);
  const [master] = life.name.split('.');
  const deaths = consumers.filter(({ name, ended }) => !ended && name.startsWith(`${master}.`)).length;
  if (unbegun.length > deaths * MOST_ANNOUNCED)
    report('lost, though never begun', `${unbegun.length} in ${life.name}, ${deaths} consumers died`);
}

function judgeWhole(lives: ReadonlyMap<string, LifeHistory>, { items }: Plan, report: Report): void {
  const answered = new Map<number, number>();
  for (const life of lives.values()) {
    for (const { number, outcomes } of life.items.values())
      if (outcomes.some(({ what }) => what !== 'release')) answered.set(number, (answered.get(number) ?? 0) + 1);
  }
  for (let number = 1; number <= items; number++) {
    const times = answered.get(number) ?? 0;
    if (times !== 1) report(times === 0 ? 'never answered' : 'answered in more than one life', `${number}`);
  }
}

/** A process ends in order, or is killed; a feeder always stops in time. */
function judgeExits({ told, feeders }: Records, report: Report): void {
  const unended = new Set(feeders.filter(({ ended }) => !ended).map(({ name }) => name));
  for (const { name, exit } of told.values()) {
    const [reason = '', code = '', signal = ''] = exit.split(' ');
    if (exit === '') continue;
    if (signal !== 'SIGKILL' && code !== '0') report('a process has crashed', `${name} ${exit}`);
    const [master, id, incarnation] = name.split('.');
    if (id !== '1') continue;
    if (reason === 'stop-timeout' || reason === 'timeout') report('the feeder hangs', `${name} ${exit}`);
    if (code === '0' && unended.has(`${master}.${incarnation}`))
      report('the feeder ended without its end', `${name} ${exit}`);
  }
}
