import { EVENT_ID, getScalarValue, type Event } from 'js-yaml';
import { LineIndex } from './line-index.js';
import type { Position } from './config-node.js';

/** Walks the parser's flat list of events. */
export class YamlCursor {
  #next = 0;
  readonly #lines: LineIndex;

  constructor(
    readonly text: string,
    readonly events: readonly Event[],
  ) {
    this.#lines = new LineIndex(text);
  }

  take(): Event | undefined {
    return this.events[this.#next++];
  }

  /** Takes the end of a collection or document, if it is next. */
  takeEnd(): boolean {
    const event = this.events[this.#next];
    if (event && event.type !== EVENT_ID.POP) return false;
    this.#next++;
    return true;
  }

  /** The text of a scalar, quotes and escapes undone. */
  scalarText(event: Event): string {
    return event.type === EVENT_ID.SCALAR ? getScalarValue(this.text, event) : '';
  }

  anchor(event: Event): string | undefined {
    if (!('anchorStart' in event) || event.anchorStart < 0) return undefined;
    return this.text.slice(event.anchorStart, event.anchorEnd);
  }

  tag(event: Event): string | undefined {
    if (!('tagStart' in event) || event.tagStart < 0) return undefined;
    return this.text.slice(event.tagStart, event.tagEnd);
  }

  /** Where a value begins (at its quote, if it has one); undefined for a value that is not written. */
  position(event: Event): Position | undefined {
    const offset = startOffset(event);
    return offset < 0 ? undefined : this.#lines.position(offset);
  }

  positionAt(offset: number): Position {
    return this.#lines.position(offset);
  }
}

const PLAIN = 1;

function startOffset(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return event.valueStart > 0 && event.style > PLAIN && event.style <= 3 ? event.valueStart - 1 : event.valueStart;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    default:
      return -1;
  }
}
