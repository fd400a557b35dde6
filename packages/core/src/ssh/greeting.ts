import type { Duplex } from 'node:stream';
import type { Attempt } from './attempt.js';
import { HostHandshakeError, HostUnreachableError } from './host-error.js';

/** An SSH server may say some lines before (RFC 4253, 4.2). */
const VERSION = /^SSH-2\.0|^SSH-1\.99/m;

/** What says so much, but not the version, is something else. */
const MOST = 8192;

const EXCERPT = 200;

/**
 * Waits until the host has said its version, and leaves that in the stream. Until then it costs no more than a socket:
 * only a host that talks takes a turn.
 *
 * @throws HostError
 */
export async function awaitGreeting(stream: Duplex, name: string, attempt: Attempt): Promise<void> {
  attempt.begin('word of an SSH server');
  let said = Buffer.alloc(0);
  await attempt.until<void>((done, fail) => {
    const onData = (chunk: Buffer): void => {
      said = Buffer.concat([said, chunk]);
      if (said.length > MOST) fail(noServer(name, said));
      if (!VERSION.test(said.toString('latin1'))) return;
      // At once: what has been given back after the end is an error.
      release();
      stream.unshift(said);
      done();
    };
    const release = (): void => {
      stream.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
      stream.pause();
    };
    const onEnd = (): void => fail(closed(name, said));
    const onError = (error: Error): void => fail(broken(name, error));
    stream.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onError);
    return release;
  });
}

function broken(name: string, error: Error): HostUnreachableError {
  return new HostUnreachableError(name, `${name}: the connection broke: ${error.message}`, { cause: error });
}

function closed(name: string, said: Buffer): Error {
  if (said.length > 0 && !/MaxStartups/.test(said.toString('latin1'))) return noServer(name, said);
  return new HostUnreachableError(
    name,
    `${name}: the connection was closed before a word: too many log in at once (MaxStartups of its sshd), or it refuses this address`,
  );
}

function noServer(name: string, said: Buffer): HostHandshakeError {
  // Whatever it is, it may not speak to the terminal.
  const excerpt = JSON.stringify(said.toString('latin1', 0, EXCERPT).replaceAll(/[^\x20-\x7e\s]/g, '?'));
  return new HostHandshakeError(
    name,
    `${name}: no SSH server answers, but something that says ${excerpt}: check the port`,
  );
}
