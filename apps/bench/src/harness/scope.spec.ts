import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Scope } from './scope.js';

describe('Scope', () => {
  it('takes away in reverse order, the contents of inner scopes included', async () => {
    const order: string[] = [];
    const outer = new Scope();
    await outer.defer(() => void order.push('first'));
    const inner = await outer.child();
    await inner.defer(() => void order.push('inner'));
    await outer.defer(() => void order.push('last'));
    await outer.close();
    expect(order).toEqual(['last', 'inner', 'first']);
  });

  it('removes its folders with what is in them', async () => {
    const scope = new Scope();
    const folder = await scope.folder();
    await writeFile(join(folder, 'file'), '');
    await scope.close();
    expect(existsSync(folder)).toBe(false);
  });

  it('takes away the rest when one thing fails, and says so', async () => {
    const order: string[] = [];
    const scope = new Scope();
    await scope.defer(() => void order.push('first'));
    await scope.defer(() => Promise.reject(new Error('still in use')));
    await expect(scope.close()).rejects.toThrow('still in use');
    expect(order).toEqual(['first']);
  });

  it('takes away at once what is started after its end', async () => {
    const scope = new Scope();
    await scope.close();
    let released = false;
    await expect(scope.defer(() => void (released = true))).rejects.toThrow('stopped');
    expect(released).toBe(true);
  });
});
