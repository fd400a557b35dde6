import { randomFrom } from './random.js';
import { encodeMessage } from '../protocol/encode.js';
import { FEED_PROTOCOL, FRAME_HEADER, type HelloMessage } from '../protocol/feed-message.js';
import type { StrangerKind } from './faults.js';
import { SimProcess } from './sim-process.js';
import type { World } from './world.js';

const LIFETIME_MS = 8000;
const PRETENDERS: readonly StrangerKind[] = ['wrong-key', 'old-incarnation'];
const NOTHING = { done: [], failed: [], back: [] };

/** Somebody connects who is no consumer, or no longer: harms nobody. */
export function sendStranger(world: World, kind: StrangerKind, seed: number): void {
  // Where nobody has to prove who they are, that would be a consumer.
  const { local, keyed } = world.schedule;
  if (PRETENDERS.includes(kind) && local && !keyed) return;
  const process = new SimProcess(world, 'stranger');
  const caller = { process, consumer: undefined, name: `stranger (${kind})`, identity: 'stranger' };
  const listener = { data: (): void => {}, closed: (): void => {} };
  world.network.connect(caller, listener, new AbortController().signal).then(
    (link) => link.write(bytesOf(kind, seed)),
    () => {},
  );
  process.after(LIFETIME_MS, () => process.kill());
}

function bytesOf(kind: StrangerKind, seed: number): Buffer {
  switch (kind) {
    case 'garbage': {
      const random = randomFrom(seed);
      return Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256)));
    }
    case 'silent':
      return Buffer.alloc(0);
    case 'half-hello':
      return encodeMessage(hello(1)).subarray(0, 12);
    case 'wrong-key':
      return encodeMessage(hello(99));
    case 'old-incarnation':
      return encodeMessage(hello(0));
    case 'giant': {
      const header = Buffer.alloc(FRAME_HEADER, 1);
      header.writeUInt32BE(0xffff_ffff);
      return header;
    }
  }
}

function hello(incarnation: number): HelloMessage {
  return {
    type: 'hello',
    protocol: FEED_PROTOCOL,
    id: 1,
    incarnation,
    key: 'd3Jvbmc=',
    feeder: 'feeder-1',
    holds: [[1, 3]],
    begun: [],
    answers: NOTHING,
  };
}
