import type { Readable } from 'node:stream';

/** One server-sent event with JSON in it. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Events of a stream: what a `ControlServer` sends, one line of data each. */
export async function* readEventStream(stream: Readable): AsyncGenerator<StreamEvent, void, undefined> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const frames = (rest + chunk).split('\n\n');
    rest = frames.pop()!;
    for (const frame of frames) {
      const event = eventOf(frame);
      if (event !== undefined) yield event;
    }
  }
}

/** Undefined: a comment. */
function eventOf(frame: string): StreamEvent | undefined {
  const fields = new Map(frame.split('\n').map((line) => [line.split(':', 1)[0]!, line.slice(line.indexOf(':') + 2)]));
  const data = fields.get('data');
  return data === undefined ? undefined : { event: fields.get('event') ?? 'message', data: JSON.parse(data) };
}
