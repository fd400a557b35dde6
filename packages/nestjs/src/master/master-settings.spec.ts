import { expect, it } from 'vitest';
import type { MasterRunOptions } from './master-options.js';
import { settingsOf } from './master-settings.js';

const config = { groups: [], queueGroups: [] };
const options = (more: Partial<MasterRunOptions> = {}): MasterRunOptions => ({ limits: {}, ...more });

it('the log of a detached service is a file, that of all others stdout unless a file was given', () => {
  const log = { level: 'warn' as const, format: 'json' as const };
  expect(settingsOf({ ...config, log }, options({ service: 'detached' }), 'app').log).toEqual({
    ...log,
    path: 'var/app.log',
  });
  expect(settingsOf(config, options({ service: 'attached' }), 'app').log.path).toBeUndefined();
  const inYaml = { ...config, log: { path: '/logs' } };
  expect(settingsOf(inYaml, options({ service: 'attached' }), 'app').log.path).toBe('/logs/app.log');
  expect(settingsOf(inYaml, options(), 'app').log.path).toBeUndefined();
  expect(settingsOf(inYaml, options({ log: { path: 'x.log', level: 'debug' } }), 'app').log).toEqual({
    path: 'x.log',
    level: 'debug',
  });
});

it('the pid file is named after the fleet, and needed where somebody relies on it', () => {
  expect(settingsOf(config, options(), '@acme/shop')).toMatchObject({
    pidFile: 'var/acme-shop.pid',
    needsPidFile: false,
  });
  expect(settingsOf({ ...config, name: 'x', pidPath: '/run' }, options(), 'y')).toMatchObject({
    name: 'x',
    pidFile: '/run/x.pid',
    needsPidFile: true,
  });
  expect(settingsOf(config, options({ service: 'attached' }), 'x').needsPidFile).toBe(true);
  expect(settingsOf(config, options({ pidFile: 'z' }), undefined)).toMatchObject({ pidFile: 'z', needsPidFile: true });
  expect(settingsOf(config, options(), undefined).pidFile).toBeUndefined();
});
