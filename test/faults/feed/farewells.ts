import type { ItemHistory, LifeHistory } from './history.js';
import type { Farewell, Records } from './records.js';

type Report = (rule: string, example: string) => void;

/** What consumers have said of a feeder that died: `done`, `failed` and `not begun`, by numbers in the feed. */
interface Listed {
  readonly done: Set<number>;
  readonly failed: Set<number>;
  readonly unbegun: Set<number>;
  /** The line was too long: it says nothing of what it does not list. */
  readonly isCut: boolean;
}

/** What the feeder had handed out when it was killed, and not answered, is listed by who has it; and nothing else is. */
export function flawsOfFarewells(lives: ReadonlyMap<string, LifeHistory>, records: Records, report: Report): void {
  for (const life of lives.values()) {
    const [master = ''] = life.name.split('.');
    if (life.ended || !records.orderly.has(master)) continue;
    const byConsumer = new Map<string, Listed>();
    for (const farewell of records.farewells.filter((each) => each.life === life.name)) {
      byConsumer.set(farewell.consumer, parse(farewell, byConsumer.get(farewell.consumer)));
    }
    const places = new Map([...life.items.values()].map((item) => [item.outs[0]?.place ?? 0, item]));
    for (const [consumer, listed] of byConsumer)
      checkListed(consumer, listed, places, (rule, example) => report(rule, `${life.name}: ${example}`));
    for (const item of life.items.values()) checkReported(item, { life, records, byConsumer, report });
  }
}

function checkListed(
  consumer: string,
  { done, failed, unbegun }: Listed,
  places: ReadonlyMap<number, ItemHistory>,
  report: Report,
): void {
  const handledBy = (id: number): ItemHistory['handlings'][number] | undefined =>
    places.get(id)?.handlings.find((each) => each.consumer.startsWith(`${consumer}.`));
  for (const id of done)
    if (handledBy(id)?.end?.what !== 'good') report('listed as done, though it was not', `${consumer} ${id}`);
  for (const id of failed)
    if (handledBy(id)?.end?.what !== 'threw') report('listed as failed, though it had not', `${consumer} ${id}`);
  for (const id of unbegun) {
    if (!places.has(id)) report('listed, though never handed out', `${consumer} ${id}`);
    if (handledBy(id) !== undefined) report('listed as not begun, though it was', `${consumer} ${id}`);
  }
}

interface Reported {
  readonly life: LifeHistory;
  readonly records: Records;
  readonly byConsumer: ReadonlyMap<string, Listed>;
  readonly report: Report;
}

function checkReported(item: ItemHistory, { life, records, byConsumer, report }: Reported): void {
  const last = item.handlings.at(-1);
  if (item.outcomes.length > 0 || last === undefined) return;
  // A process that was killed says nothing; its end is told.
  if (!records.consumers.some(({ name, ended }) => name === last.consumer && ended)) return;
  const [master, id] = last.consumer.split('.');
  const listed = byConsumer.get(`${master}.${id}`);
  if (listed?.isCut || listed?.done.has(last.id) || listed?.failed.has(last.id)) return;
  report(
    'begun and not answered when the feeder was killed, and not listed',
    `${life.name}#${item.number} (${last.id} in ${last.consumer})`,
  );
}

function parse({ text }: Farewell, before?: Listed): Listed {
  const listed = { done: new Set(before?.done), failed: new Set(before?.failed), unbegun: new Set(before?.unbegun) };
  const isCut = text.endsWith('[...]');
  for (const part of text.split('; ')) {
    const [, name = '', ranges = ''] = /^(done|failed|not begun) ([\d, -]*)/.exec(part) ?? [];
    const ids = name === 'done' ? listed.done : name === 'failed' ? listed.failed : listed.unbegun;
    const whole = ranges.split(', ');
    // The last number of a line that was cut may lack digits.
    for (const range of isCut ? whole.slice(0, -1) : whole) addRange(ids, range);
  }
  return { ...listed, isCut: isCut || (before?.isCut ?? false) };
}

function addRange(ids: Set<number>, range: string): void {
  const [first = '', last = first] = range.split('-');
  if (first === '') return;
  for (let id = Number(first); id <= Number(last); id++) ids.add(id);
}
