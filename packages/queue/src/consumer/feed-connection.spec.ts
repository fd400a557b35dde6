import { expect, test } from 'vitest';
import type { ByteLinkListener } from '../transport/byte-link.js';
import { FeedConnection } from './feed-connection.js';
import { PlayedLink } from './played-feeder.spec.helper.js';

test('two announcements on their way are told once: what the first lets follow has not left yet', async () => {
  const flushed: boolean[] = [];
  let link: PlayedLink | undefined;
  const connection = new FeedConnection({
    linked: () => {},
    failed: () => {},
    messages: () => {},
    closed: () => {},
    flushed: (late) => {
      flushed.push(late);
      link!.stuck = true;
      connection.write([Buffer.alloc(1)]);
    },
  });
  const connect = async (_: unknown, listener: ByteLinkListener): Promise<PlayedLink> =>
    (link = new PlayedLink(listener, undefined));
  await connection.open({ connect }, { path: '/feed' });
  link!.stuck = true;
  for (const byte of [1, 2]) {
    connection.write([Buffer.from([byte])]);
    connection.tellFlushed();
  }
  link!.unstick();
  expect(flushed).toEqual([true]);
});
