import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, linkSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { takeFleet, type FleetLock } from '../run-directory/fleet-lock.js';
import { keepFresh } from '../run-directory/keep-fresh.js';
import { unusable } from '../run-directory/private-folder.js';
import { FleetRunningError } from '../run-directory/run-directory-errors.js';
import { releaseOwner } from '../run-directory/run-owner.js';
import { SOCKET, makeAgentFolder, socketPath, type AgentPlace } from './agent-place.js';

/** Of relays there is one, or two while one takes the place of the other. */
const MOST_LINKS = 64;

/** A socket that listens but belongs to no lock yet. */
const UNPUBLISHED = /^\.[0-9a-f]{4}$/;

/** Between listening and the lock there is no waiting. */
const ABANDONED_MS = 60_000;

/**
 * Where an agent is found: its lock, and in the lock's folder its socket, which listens before the lock is held. So
 * whoever finds a lock that is held can connect.
 */
export class AgentDoor {
  readonly #server: Server;
  readonly #lock: FleetLock;
  readonly #endFreshening: () => void;
  #listener: ((socket: Socket) => void) | undefined;
  /** Those that came before anybody listened. */
  readonly #early: Socket[] = [];

  private constructor(server: Server, place: AgentPlace, unpublished: string) {
    this.#server = server;
    server.on('connection', (socket) => this.#onConnection(socket));
    // A second name for it, not another one: where somebody was faster, it is tried again.
    this.#lock = takeFleet(place.fleet, place.folder, (folder) => linkSync(unpublished, join(folder, SOCKET)));
    rmSync(unpublished, { force: true });
    this.#endFreshening = keepFresh(this.#lock.folder);
    for (const folder of this.#lock.predecessors) rmSync(folder, { recursive: true, force: true });
    removeAbandoned(place.folder);
  }

  /**
   * @throws FleetRunningError when another agent has this place
   * @throws RunDirectoryError
   */
  static async open(place: AgentPlace): Promise<AgentDoor> {
    makeAgentFolder(place);
    const path = socketPath(place.folder, `.${randomBytes(2).toString('hex')}`);
    const server = createServer();
    try {
      server.maxConnections = MOST_LINKS;
      server.listen(path);
      await once(server, 'listening');
      chmodSync(path, 0o600);
      return new AgentDoor(server, place, path);
    } catch (error) {
      server.close();
      rmSync(path, { force: true });
      throw error instanceof FleetRunningError ? error : unusable(place.folder, error);
    }
  }

  /** To be called once. */
  listen(listener: (socket: Socket) => void): void {
    this.#listener = listener;
    for (const socket of this.#early.splice(0)) listener(socket);
  }

  /** At once another agent may take the place: nothing may run any more. Who has connected in vain is disconnected. */
  close(): void {
    this.#endFreshening();
    releaseOwner(this.#lock.folder);
    rmSync(join(this.#lock.folder, SOCKET), { force: true });
    this.#server.close();
  }

  #onConnection(socket: Socket): void {
    if (this.#listener !== undefined) return this.#listener(socket);
    // One that breaks before anybody listens must not end the program; who takes it sees that it is destroyed.
    socket.on('error', () => {});
    this.#early.push(socket);
  }
}

/** What agents left that were killed while they began. */
function removeAbandoned(folder: string): void {
  const now = Date.now();
  for (const name of readdirSync(folder).filter((each) => UNPUBLISHED.test(each))) {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && now - stats.mtimeMs > ABANDONED_MS) rmSync(path, { force: true });
  }
}
