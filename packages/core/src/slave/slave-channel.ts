import { writeSync } from 'node:fs';
import { CHANNEL_VARIABLE } from '../channel/environment.js';
import { parseLauncherMessage, type LauncherMessage } from '../channel/launcher-message.js';
import type { SlaveMessage } from '../channel/slave-message.js';

/** How long to wait for room in the channel before the next attempt. */
const RETRY_MS = 1;

export interface SlaveChannelListener {
  received(message: LauncherMessage): void;
  /** The launcher is gone. */
  lost(): void;
  /** Called again and again while the launcher does not read what is sent, when nothing else can run. */
  blocked(): void;
}

/**
 * The slave's end of its link to the launcher: Node's IPC channel, whose messages are one JSON text a line.
 *
 * It is written synchronously, since what `process.send` still holds when the program exits or crashes is lost.
 */
export class SlaveChannel {
  #closing = false;

  private constructor(
    private readonly fd: number,
    private readonly listener: SlaveChannelListener,
  ) {
    process.on('message', (value) => this.#receive(value));
    process.once('disconnect', () => this.#onDisconnect());
  }

  /** @returns undefined when this process was not started by a launcher */
  static open(listener: SlaveChannelListener): SlaveChannel | undefined {
    const fd = process.env[CHANNEL_VARIABLE];
    delete process.env[CHANNEL_VARIABLE];
    return fd !== undefined && process.connected ? new SlaveChannel(Number(fd), listener) : undefined;
  }

  get isOpen(): boolean {
    return process.connected === true && !this.#closing;
  }

  /**
   * Returns when the messages have left this process, in one write where there is room; to a launcher that is gone
   * nothing is sent, for `lost` tells that.
   */
  send(...messages: SlaveMessage[]): void {
    if (!process.connected) return;
    const bytes = Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
    try {
      for (let sent = 0; sent < bytes.length;) sent += this.#write(bytes, sent);
    } catch {
      // The launcher is gone.
    }
  }

  /** Lets the program end. */
  close(): void {
    this.#closing = true;
    if (process.connected) process.disconnect();
  }

  /** @returns how many bytes went; 0 after a wait, when the launcher has yet to read what it has */
  #write(bytes: Buffer, offset: number): number {
    try {
      return writeSync(this.fd, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      this.listener.blocked();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      return 0;
    }
  }

  #receive(value: unknown): void {
    const message = parseLauncherMessage(value);
    if (message !== undefined) this.listener.received(message);
  }

  #onDisconnect(): void {
    if (!this.#closing) this.listener.lost();
  }
}
