import type { HostCheck } from '@distributed-architecture/core';
import { describe, expect, it } from 'vitest';
import { checkReport } from './check-report.js';

const FIT: HostCheck = {
  host: 'one',
  fit: true,
  reachable: true,
  authenticated: true,
  node: 'v24.1.0',
  entry: '/srv/app/dist/main.js',
  build: '0123456789abcdef',
  clockSkew: -0.04,
  ports: [],
  problems: [],
  warnings: [],
};

const UNFIT: HostCheck = {
  host: 'two',
  path: '/srv/app',
  fit: false,
  ports: [],
  problems: ['There is no key', 'two (two:22) is not known'],
  warnings: [],
};

async function lines(...checks: HostCheck[]): Promise<string[]> {
  return (await checkReport(checks)).split('\n');
}

describe('what run-master --check prints', () => {
  it('is a table without lines, and below it what is wrong with which host', async () => {
    const ports = [{ host: '0.0.0.0', port: 9999, free: false, error: 'in use' }];
    const warned = {
      ...FIT,
      user: 'me',
      port: 2222,
      ports,
      clockSkew: 12,
      warnings: ['Its clock is 12.0 s ahead of ours'],
    };
    const [head, ...rest] = await lines(warned, UNFIT);
    expect(head!.split(/ {2,}/)).toEqual([
      'host',
      'reachable',
      'authenticated',
      'node',
      'entry',
      'build',
      'clock',
      'feeder ports',
      'fit',
    ]);
    expect(rest.map((line) => line.split(/ {2,}/))).toEqual([
      [
        ...['me@one:2222', 'yes', 'yes', 'v24.1.0', '/srv/app/dist/main.js'],
        ...['0123456789abcdef', '+12.0 s', '0.0.0.0:9999 in use', 'yes'],
      ],
      ['two', '-', '-', '-', '-', '-', '-', '-', 'no'],
      ['warning: me@one:2222: Its clock is 12.0 s ahead of ours'],
      ['error: two: There is no key'],
      ['error: two (two:22) is not known'],
      [''],
    ]);
  });

  it('says so when there is no host', async () => {
    expect(await lines()).toEqual(['No other hosts: there is nothing to check', '']);
  });
});
