import type { Hop } from './destination.js';
import { Gate } from './gate.js';

/** Handshakes at once: each costs this process some milliseconds of computing. */
const HANDSHAKES = 16;

/** Logins at once at one address: sshd begins to drop connections when ten wait (MaxStartups). */
const LOGINS_AT_ONE_ADDRESS = 6;

/** How many may connect at once: over all, and at one address. A silent host holds up nobody but itself. */
export class Gates {
  readonly all = new Gate(HANDSHAKES);
  readonly #byAddress = new Map<string, Gate>();

  of({ host, port }: Pick<Hop, 'host' | 'port'>): Gate {
    const address = `${host}:${port}`;
    const gate = this.#byAddress.get(address) ?? new Gate(LOGINS_AT_ONE_ADDRESS);
    this.#byAddress.set(address, gate);
    return gate;
  }
}
