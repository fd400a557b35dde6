import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { packageName } from './package-name.js';

const folder = mkdtempSync(join(tmpdir(), 'da-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('is that of the nearest package.json that has a name', () => {
  mkdirSync(join(folder, 'dist/apps'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "@acme/shop" }');
  writeFileSync(join(folder, 'dist/package.json'), '{ "type": "module" }');
  expect(packageName(join(folder, 'dist/apps/main.js'))).toBe('@acme/shop');
});

it('is unknown without one', () => {
  expect(packageName('/main.js')).toBeUndefined();
});
