import { readEvents } from '../event-journal/read-events.js';
import type { JournalEntry } from '../event-journal/journal-event.js';
import type { ControlOptions } from './control-options.js';
import { idOf, type EventFilter } from './event-feed.js';
import { EventStream, frameOf } from './event-stream.js';
import type { Exchange } from './exchange.js';
import type { LineFilter, SaidBlock } from './recent-lines.js';
import { sayingOf } from './saying.js';

const BEAT_MS = 15_000;

/** What happens while the past is read waits, so many frames at most. */
const MOST_AHEAD = 10_000;

/** Where a reader begins. */
export interface Beginning {
  /** Undefined: with what happens from now on. */
  readonly since?: Date;
  /** Id of the last event that it has. */
  readonly after?: string;
  readonly limit: number;
}

/** Those who follow events or lines, each at its own pace. */
export class Followers {
  readonly #streams = new Set<EventStream>();
  readonly #frames = new WeakMap<SaidBlock, Buffer>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ControlOptions) {}

  /** All that is kept, from a beginning on, then all that happens. */
  async events({ response }: Exchange, filter: EventFilter, beginning: Beginning): Promise<void> {
    const ahead: Ahead = { frames: [], missing: 0 };
    let isPast = beginning.since !== undefined || beginning.after !== undefined;
    const stream = this.#open(response, () => end());
    const end = this.options.feed.follow(filter, (frame, entry) => {
      if (isPast) hold(ahead, frame, entry);
      else stream.send(frame);
    });
    if (!isPast) return;
    const past = await pastEvents(this.options, filter, beginning);
    for (const entry of past) {
      stream.send(frameOf(entry.type, entry, idOf(entry)));
      await stream.room();
    }
    // Without a pause from here on: what happens next goes its own way.
    isPast = false;
    sendAhead(stream, ahead, new Set(past.map(idOf)));
  }

  lines({ response }: Exchange, filter: LineFilter, count: number): void {
    const { lines } = this.options.recorder;
    const stream = this.#open(response, () => end());
    for (const { text, ...line } of lines.latest(filter, count)) stream.send(this.#frame({ ...line, lines: [text] }));
    const end = lines.follow(filter, (said) => stream.send(this.#frameOfAll(said), said.lines.length));
  }

  /** All is over: what was said is passed on, and nothing more comes. */
  close(): void {
    for (const stream of this.#streams) stream.end();
    clearInterval(this.#timer);
  }

  #open(response: Exchange['response'], onEnd: () => void): EventStream {
    const stream = new EventStream(response, () => {
      this.#streams.delete(stream);
      if (this.#streams.size === 0) clearInterval(this.#timer);
      onEnd();
    });
    if (this.#streams.size === 0) this.#timer = setInterval(() => this.#beat(), this.options.beatMs ?? BEAT_MS).unref();
    this.#streams.add(stream);
    return stream;
  }

  /** One for all who read: it is the dearest part. */
  #frameOfAll(said: SaidBlock): Buffer {
    const frame = this.#frames.get(said) ?? this.#frame(said);
    this.#frames.set(said, frame);
    return frame;
  }

  #frame(said: SaidBlock): Buffer {
    return frameOf('lines', sayingOf(this.options.recorder, said));
  }

  #beat(): void {
    for (const stream of this.#streams) stream.beat();
  }
}

/** What was kept; of events that are only just happening as well. */
export async function pastEvents(
  { journal, journalFolder }: Pick<ControlOptions, 'journal' | 'journalFolder'>,
  filter: EventFilter,
  { since, after, limit }: Beginning,
): Promise<JournalEntry[]> {
  await journal.flush();
  const found = await readEvents(journalFolder, { ...filter, ...(since && { since }), limit });
  const last = after === undefined ? -1 : found.findLastIndex((entry) => idOf(entry) === after);
  return found.slice(last + 1);
}

interface Ahead {
  readonly frames: { readonly frame: Buffer; readonly id: string | undefined }[];
  missing: number;
}

function hold(ahead: Ahead, frame: Buffer, entry: JournalEntry | undefined): void {
  if (ahead.frames.length < MOST_AHEAD) ahead.frames.push({ frame, id: entry && idOf(entry) });
  else ahead.missing++;
}

function sendAhead(stream: EventStream, { frames, missing }: Ahead, told: ReadonlySet<string>): void {
  if (missing > 0) stream.send(frameOf('dropped', { count: missing }));
  for (const { frame, id } of frames) if (id === undefined || !told.has(id)) stream.send(frame);
}
