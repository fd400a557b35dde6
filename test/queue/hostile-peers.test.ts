import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { consumerKey } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../setup/temporary-folder.js';
import { eventually } from '../support/processes.js';
import { Feed, hasSaid, numbersOf, numbersTo, stop } from './feed.js';
import { ANSWERS, BEGUN, frame, HELLO, hello, Stranger } from './stranger.js';

const WINDOW = 50;
const GIANT = Buffer.from([0xff, 0xff, 0xff, 0xff, HELLO]);
const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');

/** Random bytes, more than a feeder reads before it knows who that is. */
const NOISE = randomBytes(100_000);

it('strangers of all kinds under load harm only themselves', async () => {
  const path = join(await temporaryFolder(), 'feed');
  const feed = await Feed.start({ listen: [{ path }, { host: '127.0.0.1', port: 0 }], window: WINDOW, concurrency: 4 });
  const [local, tcp] = feed.addresses as [{ path: string }, { host: string; port: number }];
  const consumers = [2, 3].map((id) => feed.consume({ id, address: id === 2 ? local : tcp, ms: 2, concurrency: 4 }));
  const count = (): number => numbersOf('done', feed.program).length;
  await eventually('work goes on', () => count() > 50);

  const key = consumerKey(feed.key, 9, 1);
  const wrong = frame(HELLO, hello(9, randomBytes(32)));
  const proven = (): Stranger => Stranger.connect(local).say(frame(HELLO, hello(9, key)));
  const strangers = [
    Stranger.connect(local).say(NOISE),
    Stranger.connect(local).say(REQUEST),
    Stranger.connect(local).say(GIANT),
    Stranger.connect(local).say(frame(HELLO, '{')),
    Stranger.connect(local).say(frame(HELLO, hello(9, undefined))),
    Stranger.connect(local).say(frame(HELLO, { ...hello(9, key), protocol: 99 })),
    Stranger.connect(local).say(frame(ANSWERS, { done: [[1, 9]], failed: [], back: [] })),
    Stranger.connect(local).say(wrong),
    // Half-open, and slower than anybody who means it.
    Stranger.connect(local),
    Stranger.connect(local).drip(frame(HELLO, hello(9, key)), 100),
    Stranger.connect(tcp).say(NOISE),
    Stranger.connect(tcp),
    Stranger.connect(tcp).say(Buffer.from([0x16, 3, 1])),
    Stranger.connectTls(tcp),
  ];
  await Promise.all(strangers.map(({ closed }) => closed));
  // Who has proven who it is may still talk nonsense.
  const nonsense = [GIANT, frame(77, {}), frame(BEGUN, { ids: [[5, 1]] }), frame(ANSWERS, { done: 'all' })];
  for (const bytes of nonsense) await proven().say(bytes).closed;
  const before = count();
  await eventually('work still goes on', () => count() > before + 50);

  // What the last of them was sent is lost when its next life comes: nobody knows how far it got.
  const owner = feed.consume({ id: 9, incarnation: 2, address: local });
  await hasSaid(owner, 'end');
  feed.program.send('SIGUSR2', 'alone');
  expect((await feed.program.end).code).toBe(0);
  expect(await stop(...consumers, owner)).toEqual([0, 0, 0]);
  const handled = numbersOf('begin', ...consumers, owner);
  const failed = feed.program.output.match(/^failed .*$/gm) ?? [];
  expect(numbersOf('done', feed.program)).toEqual(handled);
  expect(failed.filter((line) => !/^failed \d+ lost Consumer 9 has ended/.test(line))).toEqual([]);
  expect(failed.length).toBeLessThanOrEqual(WINDOW);
  const outcomes = [...handled, ...numbersOf('failed', feed.program)].toSorted((one, other) => one - other);
  expect(outcomes).toEqual(numbersTo(outcomes.length));
  // Nobody of those who worked was ever cut off.
  for (const { output } of consumers) expect(output.match(/Connected to/g)).toHaveLength(1);
});
