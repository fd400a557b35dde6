import { expect, it } from 'vitest';
import { PlayedLauncher } from '../support/played-launcher.js';

const MEGA = 1_048_576;
const FLOOD = { records: 30, characters: MEGA };
/** One by the credit of its start, sixteen that are kept back. */
const KEPT = 17;
const DROPPED = '13 records were dropped while the log was full';

function sizes({ messages }: PlayedLauncher): number[] {
  return messages.filter(({ type }) => type === 'log').map(({ message }) => String(message).length);
}

it('what a slave logs faster than its launcher grants is kept, then dropped, and that is told', async () => {
  const launcher = new PlayedLauncher('floods-log.mjs', { params: FLOOD });
  await launcher.hears('ready');
  expect(sizes(launcher)).toEqual([MEGA]);
  launcher.send({ type: 'log-credit', characters: 100 * MEGA });
  await launcher.hears(DROPPED);
  expect(sizes(launcher)).toEqual([...Array.from({ length: KEPT }, () => MEGA), DROPPED.length]);
});

it('what has been kept is told at the end without credit, the error that ended it last', async () => {
  const launcher = new PlayedLauncher('floods-log.mjs', { params: { ...FLOOD, fails: true } });
  await launcher.hears('ended');
  expect(await launcher.exited).toEqual({ code: 1, signal: null });
  expect(sizes(launcher)).toHaveLength(KEPT + 2);
  const [told, error, ended] = launcher.messages.slice(-3);
  expect(told).toMatchObject({ level: 'warn', message: DROPPED });
  expect(error).toMatchObject({ level: 'error', message: expect.stringContaining('Error: failed work') });
  expect(ended).toEqual({ type: 'ended', code: 1 });
});
