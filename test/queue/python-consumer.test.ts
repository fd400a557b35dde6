import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { consumerKey } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { RunningProgram } from '../setup/running-program.js';
import { repository, temporaryFolder } from '../setup/temporary-folder.js';
import { type Cut, CuttingProxy } from './cutting-proxy.js';

const FIXTURES = join(repository, 'test/queue/fixtures');

const cuts: Cut[] = [
  { from: 'consumer', afterBytes: 40 },
  { from: 'consumer', afterBytes: 3000 },
  { from: 'consumer', afterBytes: 20_011 },
  { from: 'feeder', afterBytes: 1003 },
  { from: 'feeder', afterBytes: 9001 },
];

it.each(cuts)(
  'a consumer in Python handles all items, each answered exactly once, though its connection is cut ($from, $afterBytes bytes)',
  async (cut) => {
    const count = 3000;
    const { socket, key, feeder } = await startFeeder(count);
    const proxy = await CuttingProxy.listen(`${socket}-cut`, socket, cut);
    const consumer = startConsumer(`${socket}-cut`, { id: 3, incarnation: 1, key: consumerKey(key, 3, 1) });
    expect((await feeder.end).code).toBe(0);
    expect(await consumer.end).toMatchObject({ code: 0 });
    expect([proxy.hasCut, proxy.connections]).toEqual([true, 2]);
    expectAllHandled(count, consumer.output);
    expectAllAnswered(count, feeder.output);
  },
);

it('a consumer in Python that is stopped gives back what it has not begun: its next incarnation handles it', async () => {
  const count = 50_000;
  const { socket, key, feeder } = await startFeeder(count);
  const first = startConsumer(socket, { id: 3, incarnation: 1, key: consumerKey(key, 3, 1) });
  await first.says('\n');
  first.send('SIGTERM', 'alone');
  expect((await first.end).code).toBe(0);
  const second = startConsumer(socket, { id: 3, incarnation: 2, key: consumerKey(key, 3, 2) });
  expect((await second.end).code).toBe(0);
  expect((await feeder.end).code).toBe(0);
  expect([first, second].every(({ output }) => output.includes('\n'))).toBe(true);
  expectAllHandled(count, first.output + second.output);
  expectAllAnswered(count, feeder.output);
});

it('a consumer in Python with the key of another one is refused and does not come back', async () => {
  const { socket, key, feeder } = await startFeeder(100);
  const stranger = startConsumer(socket, { id: 3, incarnation: 1, key: consumerKey(key, 4, 1) });
  expect((await stranger.end).code).toBe(1);
  const consumer = startConsumer(socket, { id: 3, incarnation: 1, key: consumerKey(key, 3, 1) });
  expect((await consumer.end).code).toBe(0);
  expect((await feeder.end).code).toBe(0);
  expectAllHandled(100, consumer.output);
});

async function startFeeder(count: number): Promise<{ socket: string; key: Buffer; feeder: RunningProgram }> {
  const socket = join(await temporaryFolder(), 'feed');
  const key = randomBytes(32);
  const args = [join(FIXTURES, 'numbers-feeder.mjs'), socket, key.toString('base64'), `${count}`];
  const feeder = new RunningProgram(process.execPath, args, { cwd: repository });
  await feeder.says('listening');
  return { socket, key, feeder };
}

interface ConsumerLife {
  readonly id: number;
  readonly incarnation: number;
  readonly key: Buffer;
}

function startConsumer(socket: string, { id, incarnation, key }: ConsumerLife): RunningProgram {
  const args = [join(FIXTURES, 'consumer.py'), socket, `${id}`, `${incarnation}`, key.toString('base64')];
  return new RunningProgram('python3', args, { cwd: repository });
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function kindOf(number: number): 'bytes' | 'fails' | 'plain' {
  if (number % 70 === 0) return 'bytes';
  return number % 50 === 0 ? 'fails' : 'plain';
}

/** The consumer's own ledger: an item that is bytes as hex, another one as JSON. */
function expectAllHandled(count: number, output: string): void {
  const written = {
    bytes: (number: number) => JSON.stringify(Buffer.from(`${number}`).toString('hex')),
    fails: (number: number) => `{"fail": ${number}}`,
    plain: (number: number) => `${number}`,
  };
  expect(output.trim().split('\n').toSorted()).toEqual(
    numbersTo(count)
      .map((number) => written[kindOf(number)](number))
      .toSorted(),
  );
}

function expectAllAnswered(count: number, output: string): void {
  const answers = output.split('\n').filter((line) => /^(?:done|failed) /u.test(line));
  const expected = numbersTo(count).map((number) =>
    kindOf(number) === 'fails' ? `failed ${number} error ValueError: ${number}` : `done ${number}`,
  );
  expect(answers.toSorted()).toEqual(expected.toSorted());
}
