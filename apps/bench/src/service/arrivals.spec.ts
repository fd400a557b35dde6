import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Scope } from '../harness/scope.js';
import { Arrivals } from './arrivals.js';

describe('Arrivals', () => {
  it('tells of what comes after it was asked, and ends with its scope', async () => {
    const gates = Array.from({ length: 3 }, () => Promise.withResolvers<number>());
    let ended = false;
    async function* stream(signal: AbortSignal): AsyncGenerator<number> {
      for (const { promise } of gates) yield await promise;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
      throw new Error('aborted');
    }
    const scope = new Scope();
    const arrivals = await Arrivals.follow(scope, stream);
    gates[0]!.resolve(2);
    await turn();
    const even = arrivals.next('an even number', (number) => number % 2 === 0);
    gates[1]!.resolve(3);
    gates[2]!.resolve(4);
    expect((await even).entry).toBe(4);
    await scope.close();
    expect(ended).toBe(true);
  });

  it('passes the error of a stream on', async () => {
    const scope = new Scope();
    // oxlint-disable-next-line require-yield -- it fails before
    const arrivals = await Arrivals.follow<number>(scope, async function* () {
      await turn();
      throw new Error('the socket is gone');
    });
    await expect(arrivals.next('a number', () => true)).rejects.toThrow('the socket is gone');
    await scope.close();
  });
});
