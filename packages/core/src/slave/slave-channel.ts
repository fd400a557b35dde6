import { CHANNEL_VARIABLE } from '../channel/environment.js';
import { parseLauncherMessage, type LauncherMessage } from '../channel/launcher-message.js';
import type { SlaveMessage } from '../channel/slave-message.js';

/** The slave's end of its link to the launcher: Node's IPC channel. */
export class SlaveChannel {
  #closing = false;

  private constructor(
    private readonly onMessage: (message: LauncherMessage) => void,
    private readonly onLost: () => void,
  ) {
    process.on('message', (value) => this.#receive(value));
    process.once('disconnect', () => this.#onDisconnect());
  }

  /** @returns undefined when this process was not started by a launcher */
  static open(onMessage: (message: LauncherMessage) => void, onLost: () => void): SlaveChannel | undefined {
    const ours = process.env[CHANNEL_VARIABLE] !== undefined;
    delete process.env[CHANNEL_VARIABLE];
    return ours && process.connected ? new SlaveChannel(onMessage, onLost) : undefined;
  }

  /** Sends at once; to a launcher that is gone nothing is sent, for `onLost` tells that. */
  send(message: SlaveMessage): void {
    if (process.connected) process.send!(message, undefined, undefined, () => {});
  }

  /** Resolves when all that was sent has left this process, and lets the program end. */
  async close(last: SlaveMessage): Promise<void> {
    this.#closing = true;
    if (!process.connected) return;
    await new Promise<void>((resolve) => process.send!(last, undefined, undefined, () => resolve()));
    if (process.connected) process.disconnect();
  }

  #receive(value: unknown): void {
    const message = parseLauncherMessage(value);
    if (message !== undefined) this.onMessage(message);
  }

  #onDisconnect(): void {
    if (!this.#closing) this.onLost();
  }
}
