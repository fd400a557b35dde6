import type { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/**
 * Lets a socket be read to its end after a write has failed.
 *
 * Node destroys a socket at the first write to a peer that is gone (EPIPE), and with it what that peer had said before:
 * a consumer's last answers. Here such a write counts as done, and what follows it goes nowhere: reading tells the end.
 */
export function survivesWriteErrors(socket: Socket): void {
  let broken = false;
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  const guarded = (written: Written): Written => {
    return (error) => {
      broken ||= error != null;
      written();
    };
  };
  socket._write = (chunk, encoding, written) => {
    if (broken) written();
    else write(chunk, encoding, guarded(written));
  };
  if (writev === undefined) return;
  socket._writev = (chunks, written) => {
    if (broken) written();
    else writev(chunks, guarded(written));
  };
}
