import { expect, it } from 'vitest';
import { describeFeedStop } from './stop-waits.js';

it('says what keeps a feeder from ending', () => {
  expect(describeFeedStop({ held: 2, unsettled: 1, closing: false })).toBe(
    'Stopping: waits for 2 items that consumers have, and until the source has taken what became of 1 item',
  );
  expect(describeFeedStop({ held: 0, unsettled: 0, closing: true })).toBe('Stopping: waits until the source is closed');
  expect(describeFeedStop({ held: 0, unsettled: 0, closing: false })).toBe(
    'Stopping: waits for consumers to disconnect',
  );
});
