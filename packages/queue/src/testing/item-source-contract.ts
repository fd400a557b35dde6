import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ItemFailedError } from '../source/item-errors.js';
import type { Claimed, ItemSource } from '../source/item-source.js';
import { RecordingLogger } from './recording-logger.js';

/** A source, and what a test needs to see of it. */
export interface SourceUnderTest {
  readonly source: ItemSource;
  /** A source of the same items for the life after; of sources that adopt. */
  readonly successor?: () => ItemSource | Promise<ItemSource>;
  /** Nothing comes after what was given to `create`. Absent: the source never ends, or was created ended. */
  readonly finish?: () => void | Promise<void>;
  readonly destroy?: () => void | Promise<void>;
}

export interface ContractCapabilities {
  readonly adopt: boolean;
  /** It may end. */
  readonly ends: boolean;
  /** Released items are given out again, to this feeder or to the next. */
  readonly keepsReleased: boolean;
}

const CLAIMS = 100;

/**
 * What every ItemSource keeps to: a feeder relies on it.
 *
 * @param create a source with these items, not yet opened
 */
export function describeItemSource(
  name: string,
  create: (items: readonly unknown[]) => SourceUnderTest | Promise<SourceUnderTest>,
  capabilities: ContractCapabilities,
): void {
  describe(`${name} is an ItemSource`, () => {
    let test: SourceUnderTest;
    let source: ItemSource;
    const logger = new RecordingLogger();

    const open = async (items: readonly unknown[]): Promise<void> => {
      test = await create(items);
      source = test.source;
      await source.open?.({ logger, wake() {} });
    };

    /** Claims until so many are there; a claim may give fewer than are asked for. */
    const claim = async (count: number, from = source): Promise<Claimed[]> => {
      const claims: Claimed[] = [];
      for (let tries = 0; claims.length < count && tries < CLAIMS; tries++) {
        claims.push(...(await from.claim(count - claims.length)));
      }
      return claims;
    };

    beforeEach(() => void logger.lines.splice(0));

    afterEach(async () => {
      await source.close?.();
      await test.destroy?.();
    });

    it('declares what it can do', async () => {
      await open([]);
      expect(source.capabilities.adopt).toBe(capabilities.adopt);
      expect(source.adopt !== undefined).toBe(capabilities.adopt);
    });

    it('gives each item once, in their order, never more than asked for', async () => {
      await open([1, { two: 2 }, 'three', [4]]);
      const first = await source.claim(1);
      expect(first.length).toBeLessThanOrEqual(1);
      const all = [...first, ...(await claim(4 - first.length))];
      expect(all.map(({ item }) => item)).toEqual([1, { two: 2 }, 'three', [4]]);
      expect(new Set(all).size).toBe(4);
    });

    it('counts attempts from 1', async () => {
      await open(['a']);
      const [claimed] = await claim(1);
      expect(claimed!.attempt ?? 1).toBe(1);
    });

    it('takes outcomes in batches, in any order', async () => {
      await open([1, 2, 3, 4]);
      const [one, two, three, four] = await claim(4);
      await source.complete([three!, one!]);
      await source.fail([{ claimed: two!, reason: new ItemFailedError({ kind: 'lost', message: 'gone' }) }]);
      await source.complete([four!]);
      expect(logger.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    });

    it('takes items back', async () => {
      await open(['a', 'b']);
      await source.release(await claim(2));
      const again = await claim(capabilities.keepsReleased ? 2 : 0);
      const expected = capabilities.keepsReleased ? ['a 1', 'b 1'] : [];
      expect(new Set(again.map(({ item, attempt = 1 }) => `${item as string} ${attempt}`))).toEqual(new Set(expected));
    });

    it('knows how many wait, if it knows that at all', async () => {
      await open([1, 2, 3]);
      const before = source.size?.();
      await claim(2);
      expect([before, source.size?.()]).toEqual(before === undefined ? [undefined, undefined] : [3, 1]);
    });

    it('ends, where it can, when it has given everything', async () => {
      await open([1]);
      await test.finish?.();
      expect(source.ended()).toBe(false);
      await claim(1);
      for (let tries = 0; capabilities.ends && !source.ended() && tries < CLAIMS; tries++) {
        expect(await source.claim(1)).toEqual([]);
      }
      expect(source.ended()).toBe(capabilities.ends);
    });

    it('gives nothing after it was closed', async () => {
      await open([1, 2]);
      await claim(1);
      await source.close?.();
      expect(await source.claim(5)).toEqual([]);
    });

    if (!capabilities.adopt) return;

    it('names its items by lasting keys', async () => {
      await open([1, 2]);
      const keys = (await claim(2)).map(({ key }) => key);
      expect(new Set(keys).size).toBe(2);
      expect(keys.every((key) => typeof key === 'string')).toBe(true);
    });

    it('goes on with items of a dead feeder, once, and only with those that are open', async () => {
      await open([1, 2, 3]);
      const [one, two, three] = await claim(3);
      await source.complete([one!]);
      const next = await test.successor!();
      await next.open?.({ logger, wake() {} });
      const adopted = await next.adopt!([one!.key!, two!.key!, 'a key of nothing']);
      expect(adopted.map(({ item, key }) => [item, key])).toEqual([[2, two!.key]]);
      await next.complete(adopted);
      expect(await next.adopt!([two!.key!])).toEqual([]);
      await next.complete(await next.adopt!([three!.key!]));
      await next.close?.();
    });
  });
}
