import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../setup/temporary-folder.js';
import { Fleet } from '../support/fleet.js';

it('a consumer that blocks its event loop is killed for it: that item has timed out, all others are handled', async () => {
  const fleet = new Fleet([
    {
      name: 'Queue',
      command: 'work',
      console: join(repository, 'test/queue/fixtures/blocks.mjs'),
      itemTimeout: 0.4,
      abortGrace: 0.2,
      window: 5,
      consumers: { local: { instancesCount: 1 } },
    },
  ]);
  expect(await fleet.end).toEqual({ exitCode: 0 });
  expect(fleet.events).toContain('process_stopped 2.1 item-timeout');
  const outcomes = fleet.texts.filter((text) => /^(?:done|failed) /.test(text));
  expect(outcomes.toSorted()).toEqual(
    [1, 2, 4, 5, 6, 7, 8, 9, 10]
      .map((n) => `done ${n}`)
      .concat('failed 3 timeout')
      .toSorted(),
  );
  expect(fleet.texts.filter((text) => text.endsWith('begin 3'))).toHaveLength(1);
});
