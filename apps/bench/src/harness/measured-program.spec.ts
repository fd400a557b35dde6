import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from './scope.js';
import { MeasuredProgram } from './measured-program.js';

describe('MeasuredProgram', () => {
  let scope: Scope;
  beforeEach(() => void (scope = new Scope()));
  afterEach(() => scope.close());

  async function start(text: string): Promise<MeasuredProgram> {
    const script = join(await scope.folder(), 'program.mjs');
    await writeFile(script, text);
    return MeasuredProgram.start(scope, script);
  }

  it('gives results in order, whatever stands around them, and the clean end', async () => {
    const program = await start(`
      console.log('[group] bench-result {"a":1}');
      console.log('something else');
      console.log('bench-result {"a":2}');
    `);
    expect([await program.result(), await program.result()]).toEqual([{ a: 1 }, { a: 2 }]);
    await program.ended();
  });

  it('fails with the last lines when the program ends without a result', async () => {
    const program = await start(`console.error('no such thing'); process.exitCode = 3;`);
    await expect(program.result()).rejects.toThrow(/ended with 3:\nno such thing/);
    await expect(program.ended()).rejects.toThrow('ended with 3');
  });
});
