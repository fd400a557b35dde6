import { describeItemSource } from '../testing/item-source-contract.js';
import { MemorySource, MemoryStore } from '../testing/memory-source.js';
import { FeederSource } from './feeder-source.js';
import { IterableSource } from './iterable-source.js';

const LISTED = { adopt: false, ends: true, keepsReleased: false };

function feederOf(items: readonly unknown[]) {
  const left = [...items];
  return {
    left,
    ended: () => left.length === 0,
    size: () => left.length,
    release: (item: unknown) => void left.push(item),
  };
}

describeItemSource(
  'a feeder with get',
  (items) => {
    const feeder = feederOf(items);
    return { source: new FeederSource({ ...feeder, get: () => feeder.left.shift() }) };
  },
  { ...LISTED, keepsReleased: true },
);

describeItemSource(
  'a feeder with an async get',
  (items) => {
    const feeder = feederOf(items);
    const empty = async () => feeder.left.length === 0;
    return { source: new FeederSource({ ...feeder, empty, get: async () => feeder.left.shift() }) };
  },
  { ...LISTED, keepsReleased: true },
);

describeItemSource(
  'a feeder with getMany',
  (items) => {
    const feeder = feederOf(items);
    const getMany = async (max: number) => feeder.left.splice(0, max);
    return { source: new FeederSource({ ...feeder, get: () => null, getMany }) };
  },
  { ...LISTED, keepsReleased: true },
);

describeItemSource('an iterable', (items) => ({ source: new IterableSource(items) }), LISTED);

describeItemSource(
  'an async iterable',
  (items) => ({
    source: new IterableSource(
      (async function* () {
        yield* items;
      })(),
    ),
  }),
  LISTED,
);

describeItemSource(
  'a store in memory',
  (items) => {
    const store = new MemoryStore();
    store.add(...items);
    const source = new MemorySource(store);
    return { source, successor: () => new MemorySource(store), finish: () => void (source.isLast = true) };
  },
  { adopt: true, ends: true, keepsReleased: true },
);
