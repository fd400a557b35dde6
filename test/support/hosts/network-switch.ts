import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Keeper } from './keeper.js';

const WIRE = join(import.meta.dirname, 'wire.py');

/** Without a forwarding delay of 0 a link that comes up would carry nothing for 15 s. */
const BRIDGE = 'ip link add switch type bridge forward_delay 0 && ip link set switch up && echo up && read -r _';

export interface LinkQuality {
  /** Milliseconds that each frame takes in either direction. Default 0. */
  readonly delay?: number;
  /** Percentage of the frames that are lost, in either direction. Default 0. */
  readonly loss?: number;
}

/** What the hosts of a test are plugged into: a bridge in a network namespace of its own. */
export class NetworkSwitch {
  readonly #keeper: Keeper;
  readonly #wires = new Map<number, Keeper>();
  #ports = 0;

  private constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  static async create(): Promise<NetworkSwitch> {
    const keeper = new Keeper('unshare', ['--net', 'sh', '-c', BRIDGE]);
    await keeper.says('up');
    return new NetworkSwitch(keeper);
  }

  /**
   * Gives the network namespace of this process an `eth0` whose other end is plugged into a port, whose number it
   * returns. The hardware address stays that of the host when it is plugged in again.
   */
  async plug(pid: number, hardwareAddress: string): Promise<number> {
    const port = ++this.#ports;
    await this.#ip([
      `link add port${port} type veth peer name eth0 address ${hardwareAddress} netns ${pid}`,
      `link set port${port} master switch up`,
    ]);
    return port;
  }

  /** What is sent to or from this port is gone from now on, and nobody is told. */
  async cut(port: number): Promise<void> {
    await this.#ip([`link set port${port} down`]);
  }

  async restore(port: number): Promise<void> {
    await this.#ip([`link set port${port} up`]);
  }

  /** Puts a slow and lossy wire between a port and the switch, in place of what was there before. */
  async slow(port: number, { delay = 0, loss = 0 }: LinkQuality): Promise<void> {
    await this.#removeWire(port);
    if (delay === 0 && loss === 0) return;
    await this.#ip([
      `link add near${port} type veth peer name far${port}`,
      `link set port${port} nomaster`,
      `link set far${port} master switch up`,
      `link set near${port} up`,
    ]);
    const wire = [WIRE, `port${port}`, `near${port}`, String(delay), String(loss), String(port)];
    const keeper = new Keeper('nsenter', [...this.#enter, 'python3', ...wire]);
    this.#wires.set(port, keeper);
    await keeper.says('carries');
  }

  /** For a host that is gone: its end of the cable has taken this end with it. */
  async unplug(port: number): Promise<void> {
    await this.#wires.get(port)?.end();
    if (this.#wires.delete(port)) await this.#ip([`link delete near${port}`]);
  }

  async remove(): Promise<void> {
    await Promise.all(Array.from(this.#wires.values(), (wire) => wire.end()));
    await this.#keeper.end();
  }

  get #enter(): string[] {
    return ['--net', '--target', String(this.#keeper.pid)];
  }

  async #removeWire(port: number): Promise<void> {
    const wire = this.#wires.get(port);
    if (wire === undefined) return;
    await this.unplug(port);
    await this.#ip([`link set port${port} master switch`]);
  }

  #ip(commands: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = execFile('nsenter', [...this.#enter, 'ip', '-batch', '-'], (error) =>
        error ? reject(error) : resolve(),
      );
      child.stdin!.end(`${commands.join('\n')}\n`);
    });
  }
}
