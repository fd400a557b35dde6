import { Readable, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { LinkStreams } from '../agent-channel/stream-link.js';
import type { Clock } from '../clock/clock.js';
import type { Route } from './route.js';

/** A relay that was told the end of its input ends, and then its channel does. */
const GRACE_MS = 2000;

const BUFFER_BYTES = 262_144;

export interface ChannelStreamsOptions {
  readonly channel: ClientChannel;
  readonly route: Route;
  readonly clock: Clock;
  /** What has come already. */
  readonly head: Buffer;
  /** Once, when something has come. */
  readonly onData: () => void;
  /** Called when the channel is closed before something has come. */
  readonly failure: (code: number | null, signal: string | undefined) => Error;
}

/**
 * The two directions of a channel as ordinary streams: the library's own neither reports its end nor can be destroyed.
 * When the input is destroyed, all of the connection is closed, after what was written.
 */
export function channelStreams({ channel, route, clock, head, onData, failure }: ChannelStreamsOptions): LinkStreams {
  let hasData = false;
  let isClosed = false;
  const onChunk = (chunk: Buffer): void => {
    if (input.destroyed) return;
    if (!hasData) onData();
    hasData = true;
    if (!input.push(chunk)) channel.pause();
  };
  const close = (): void => closeRoute({ channel, route, clock, isClosed });
  const input: Readable = new Readable({
    highWaterMark: BUFFER_BYTES,
    read: () => void channel.resume(),
    destroy: (error, done) => (close(), done(error)),
  });
  const output = new Writable({
    highWaterMark: BUFFER_BYTES,
    // What is closed takes no more, and never says so.
    write: (chunk, _encoding, done) => void (isClosed ? done() : channel.write(chunk, done)),
    final: (done) => (channel.end(), done()),
  });
  if (head.length > 0) onChunk(head);
  const onEnd = (): void => void (hasData && !input.destroyed && input.push(null));
  channel.on('data', onChunk).once('end', onEnd);
  channel.once('close', (code?: number | null, signal?: string) => {
    isClosed = true;
    if (!hasData && !input.destroyed) input.destroy(failure(code ?? null, signal));
    else onEnd();
  });
  return { input, output };
}

interface Closing {
  readonly channel: ClientChannel;
  readonly route: Route;
  readonly clock: Clock;
  readonly isClosed: boolean;
}

function closeRoute({ channel, route: { client, socket }, clock, isClosed }: Closing): void {
  const cancel = clock.setTimer(GRACE_MS, () => socket.destroy());
  socket.once('close', cancel);
  if (socket.destroyed) return cancel();
  const leave = (): void => {
    client.end();
    socket.end(() => socket.destroy());
  };
  if (isClosed) return leave();
  channel.once('close', leave);
  // Its end is told when it was read to its end.
  channel.resume();
  channel.end();
}
