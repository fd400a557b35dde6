import { expect, it } from 'vitest';
import { RecordingLogger } from '../testing/recording-logger.js';
import type { Feeder } from './feeder.js';
import { FeederSource } from './feeder-source.js';
import { ItemFailedError } from './item-errors.js';
import { IterableSource } from './iterable-source.js';
import { toSource } from './to-source.js';

const logger = new RecordingLogger();

function sourceOf<T>(feeder: Partial<Feeder<T>>): FeederSource<T> {
  logger.lines.splice(0);
  const source = new FeederSource<T>({ get: () => null, ...feeder });
  source.open({ logger, wake() {} });
  return source;
}

const failedAs = <T>(item: T) => [
  { claimed: { item }, reason: new ItemFailedError({ kind: 'lost', message: 'gone' }) },
];

it('hands back the very objects that it gave', async () => {
  const item = { id: 1 };
  const back: unknown[] = [];
  const source = sourceOf({
    get: () => item,
    success: (each) => void back.push(each),
    error: (each) => void back.push(each),
  });
  const claims = await source.claim(1);
  await source.complete(claims);
  await source.fail(failedAs(claims[0]!.item));
  expect(back).toHaveLength(2);
  expect(back.every((each) => each === item)).toBe(true);
});

it('gives what it has before it waits for a promise, whose item comes later', async () => {
  const wait = Promise.withResolvers<number>();
  const given: (number | Promise<number>)[] = [1, 2, wait.promise];
  const source = sourceOf({ get: () => given.shift() });
  expect(await source.claim(10)).toEqual([{ item: 1 }, { item: 2 }]);
  expect(source.ended()).toBe(false);
  const next = source.claim(10);
  wait.resolve(3);
  expect(await next).toEqual([{ item: 3 }]);
});

it('gathers many of an async get that answers at once', async () => {
  let count = 0;
  const source = sourceOf({ get: async () => ++count });
  expect(await source.claim(50)).toHaveLength(50);
});

it('what get throws is told with its name, after what came before', async () => {
  const given = [1];
  const source = sourceOf({
    get() {
      if (given.length === 0) throw new Error('the database is away');
      return given.shift();
    },
  });
  expect(await source.claim(5)).toEqual([{ item: 1 }]);
  expect(() => source.claim(5)).toThrow(/^get of the feeder threw: Error: the database is away/u);
});

it('a get that rejects likewise', async () => {
  const source = sourceOf({ get: async () => Promise.reject(new Error('away')) });
  await expect(source.claim(5)).rejects.toThrow('get of the feeder threw: Error: away');
});

it('does not ask while empty says so', async () => {
  const source = sourceOf({ empty: () => true, get: () => 1 });
  expect(await source.claim(5)).toEqual([]);
});

it('a claim that waits ends at the close; what comes later goes back', async () => {
  const wait = Promise.withResolvers<string>();
  const released: string[] = [];
  const source = sourceOf({ get: () => wait.promise, release: (item) => void released.push(item) });
  const claim = source.claim(1);
  source.close();
  expect(await claim).toEqual([]);
  wait.resolve('late');
  await wait.promise;
  expect(released).toEqual(['late']);
});

it('a getMany that waits ends at the close; what comes later goes back', async () => {
  const wait = Promise.withResolvers<string[]>();
  const failed: string[] = [];
  const source = sourceOf<string>({
    getMany: () => wait.promise,
    error: (item, reason) => void failed.push(`${item} ${(reason as ItemFailedError).kind}`),
  });
  const claim = source.claim(1);
  source.close();
  expect(await claim).toEqual([]);
  wait.resolve(['late']);
  await wait.promise;
  expect(failed).toEqual(['late released']);
});

it('what success and error throw is logged with the item, and the others go on', async () => {
  const seen: number[] = [];
  const source = sourceOf<{ id: number }>({
    success({ id }) {
      seen.push(id);
      if (id === 1) throw new Error('no');
    },
    error: async () => Promise.reject(new Error('never')),
  });
  await source.complete([{ item: { id: 1 } }, { item: { id: 2 } }]);
  await source.fail(failedAs({ id: 3 }));
  expect(seen).toEqual([1, 2]);
  expect(logger.lines).toEqual([
    expect.stringMatching(/^error success of the feeder threw for the item \{"id":1\}: Error: no/u),
    expect.stringMatching(/^error error of the feeder threw for the item \{"id":3\}: Error: never/u),
  ]);
});

it('failures that nobody wants to know are logged', async () => {
  const source = sourceOf<string>({});
  await source.fail(failedAs('x'.repeat(1000)));
  expect(logger.lines).toEqual([expect.stringMatching(/^warn The item "x{199} has failed \(lost\): gone$/u)]);
});

it('a slow get does not hold back what is there', async () => {
  let count = 0;
  const source = sourceOf({
    get() {
      const end = performance.now() + 3;
      while (performance.now() < end);
      return ++count;
    },
  });
  expect((await source.claim(1000)).length).toBeLessThan(10);
});

it('an iteration that throws gives what came before, then throws, and is over', async () => {
  const source = new IterableSource(
    (function* () {
      yield 1;
      throw new Error('the file is cut');
    })(),
  );
  expect(await source.claim(5)).toEqual([{ item: 1 }]);
  expect(source.ended()).toBe(false);
  expect(() => source.claim(5)).toThrow('the file is cut');
  expect(source.ended()).toBe(true);
});

it('an async iteration that throws likewise', async () => {
  const source = new IterableSource(
    (async function* () {
      yield 1;
      throw new Error('the file is cut');
    })(),
  );
  expect(await source.claim(5)).toEqual([{ item: 1 }]);
  await expect(async () => source.claim(5)).rejects.toThrow('the file is cut');
  expect(source.ended()).toBe(true);
});

it('closes an iteration that is not at its end', async () => {
  let closed = false;
  const source = new IterableSource(
    (function* () {
      try {
        for (;;) yield 1;
      } finally {
        closed = true;
      }
    })(),
  );
  await source.claim(3);
  await source.close();
  expect(closed).toBe(true);
});

it('does not wait for an iteration that waits', async () => {
  const source = new IterableSource({
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: () => new Promise<never>(() => {}),
    }),
  });
  const claim = source.claim(3);
  await source.close();
  expect(await claim).toEqual([]);
});

it('refuses what has no items', () => {
  expect(() => toSource({} as never)).toThrow('A feeder has a method get or getMany');
  expect(() => toSource(null as never)).toThrow('this null is not');
});

it('getMany may give nothing, or an array with holes', async () => {
  const holes: number[] = [];
  holes.length = 2;
  const given = [null, undefined, holes];
  const source = sourceOf({ getMany: () => given.shift() as number[] });
  expect(await source.claim(5)).toEqual([]);
  expect(await source.claim(5)).toEqual([]);
  expect(await source.claim(5)).toStrictEqual([{ item: undefined }, { item: undefined }]);
});

it('says what getMany, size and ended have given that is of no use', () => {
  const given: Record<string, () => unknown> = {
    getMany: () => 'abc',
    size: async () => 5,
    ended: () => Promise.reject(new Error('nobody hears this')),
  };
  const source = sourceOf(given as Partial<Feeder<string>>);
  expect(() => source.claim(1)).toThrow('getMany of the feeder returned a value of type string, it has to be an array');
  expect(() => source.size()).toThrow('size of the feeder returned a promise, it has to tell at once');
  expect(() => source.ended()).toThrow('ended of the feeder returned a promise, it has to tell at once');
  expect(() => sourceOf({ size: () => Number.NaN }).size()).toThrow('size of the feeder returned NaN');
  expect(sourceOf({ size: () => -3 }).size()).toBe(0);
});

it('tells in one line of all that nobody began and nobody is told of', () => {
  const source = sourceOf({ success() {} });
  void source.release([{ item: 1 }, { item: 2 }]);
  expect(logger.lines).toEqual([
    'warn 2 items were never begun and nobody is told: the feeder ends and has no release',
  ]);
});

it('takes a Map for what it is: pairs', () => {
  const source = toSource<[string, number]>(new Map([['a', 1]]));
  expect(source.claim(5)).toEqual([{ item: ['a', 1] }]);
});

it('an iterator that gives no results ends with an error', () => {
  const broken = { [Symbol.iterator]: () => ({ next: () => 5 }) } as unknown as Iterable<number>;
  const source = toSource(broken);
  expect(() => source.claim(1)).toThrow('Iterator result 5 is not an object');
  expect(source.ended()).toBe(true);
});
