import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { Attempt } from './attempt.js';
import { Gate } from './gate.js';
import { Preamble } from './preamble.js';
import { RelayStderr } from './relay-stderr.js';

const never = (): (() => void) => () => {};

it('an attempt ends when its time is over; waiting for a turn does not count', async () => {
  const clock = new ManualClock();
  const attempt = new Attempt({ timeoutMs: 1000, clock, late: (doing) => new Error(`no ${doing}`) });
  attempt.begin('word');
  clock.advance(600);
  attempt.pause();
  clock.advance(100_000);
  attempt.begin('answer');
  const waiting = attempt.until(never);
  clock.advance(399);
  await turn();
  expect(attempt.signal.aborted).toBe(false);
  clock.advance(1);
  await expect(waiting).rejects.toThrow('no answer');
  await expect(attempt.until(never)).rejects.toThrow('no answer');
});

it('an attempt is given up by its signal, also before it begins', async () => {
  const controller = new AbortController();
  const options = {
    timeoutMs: 1000,
    clock: new ManualClock(),
    late: () => new Error('late'),
    signal: controller.signal,
  };
  const waiting = new Attempt(options).until(never);
  controller.abort();
  await expect(waiting).rejects.toThrow('Nobody waits');
  await expect(new Attempt(options).until(never)).rejects.toThrow('Nobody waits');
});

it('an attempt undoes what it has begun', async () => {
  const attempt = new Attempt({ timeoutMs: 1000, clock: new ManualClock(), late: () => new Error('late') });
  let undone = 0;
  const begin = (done: (value: number) => void): (() => void) => (done(7), () => undone++);
  expect(await attempt.until<number>(begin)).toBe(7);
  expect(undone).toBe(1);
});

it('a gate lets so many in, the others in their order', async () => {
  const gate = new Gate(2);
  const order: number[] = [];
  const enter = async (n: number): Promise<() => void> => {
    const leave = await gate.enter();
    order.push(n);
    return leave;
  };
  const [first, second, third] = [enter(1), enter(2), enter(3)];
  void enter(4);
  await turn();
  expect(order).toEqual([1, 2]);
  (await second)();
  (await third)();
  await turn();
  expect(order).toEqual([1, 2, 3, 4]);
  (await first)();
});

it.each([
  [['MARK\nrest'], '', 'rest'],
  [['Welcome\nMARK\n'], 'Welcome\n', ''],
  [['no newline MA', 'RK', '\nrest'], 'no newline ', 'rest'],
  [['MARK', ' MARK\r\n', 'MARK\nx'], 'MARK MARK\r\n', 'x'],
])('a preamble ends with the marker: %j', (chunks, before, after) => {
  const preamble = new Preamble('MARK');
  const found = chunks.map((chunk) => preamble.push(Buffer.from(chunk))?.toString());
  expect([found.at(-1), found.filter((each) => each !== undefined).length, preamble.text]).toEqual([after, 1, before]);
});

it('a preamble may be too long', () => {
  const preamble = new Preamble('MARK');
  expect(preamble.push(Buffer.alloc(70_000))).toBeUndefined();
  expect(preamble.isTooLong).toBe(true);
});

it('stderr of a relay is kept until it begins, then logged, so many lines in so much time', () => {
  const clock = new ManualClock();
  const log: string[] = [];
  const stderr = new RelayStderr(clock, (level, message) => void log.push(`${level} ${message}`));
  stderr.push(Buffer.from(`${'x'.repeat(5000)}\nlast`));
  expect([stderr.tail.length, stderr.tail.endsWith('x\nlast'), log]).toEqual([2048, true, []]);
  stderr.begin();
  expect(log.at(-1)).toBe('warn last');
  for (let n = 0; n < 100; n++) stderr.push(Buffer.from(`${n}\n`));
  expect(log).toHaveLength(20);
  clock.advance(10_000);
  stderr.push(Buffer.from('later\nunfinished'));
  stderr.end();
  expect(log.slice(20)).toEqual([
    'warn 82 more lines on stderr of the relay are left out',
    'warn later',
    'warn unfinished',
  ]);
});
