import { describe, expect, it } from 'vitest';
import { UsageError } from '../commands/command-errors.js';
import { parseRunMasterOptions } from './run-master-options.js';

describe('parseRunMasterOptions', () => {
  it('reads durations as YAML has them', () => {
    const { limits, configFile } = parseRunMasterOptions({
      maxRunningTime: '1h',
      timeout: '5',
      maxProcessTimeout: '0',
      configFile: 'fleet.yaml',
    });
    expect(limits).toEqual({ maxRunningTime: 3600, timeout: 5, maxProcessTimeout: 0 });
    expect(configFile).toBe('fleet.yaml');
  });

  it('leaves open what was not given', () => {
    expect(parseRunMasterOptions({}).limits).toEqual({});
  });

  it('knows how a check is printed', () => {
    expect(parseRunMasterOptions({})).not.toHaveProperty('check');
    expect(parseRunMasterOptions({ check: true }).check).toBe('table');
    expect(parseRunMasterOptions({ check: true, json: true }).check).toBe('json');
  });

  it('knows how a plan is printed', () => {
    expect(parseRunMasterOptions({ plan: true })).toMatchObject({ plan: 'table' });
    expect(parseRunMasterOptions({ plan: true, json: true, pid: 'x' })).toMatchObject({ plan: 'json', pidFile: 'x' });
    expect(parseRunMasterOptions({ plan: true })).not.toHaveProperty('check');
  });

  it('knows a service, and whom it runs as', () => {
    expect(parseRunMasterOptions({ detach: true })).not.toHaveProperty('service');
    const detached = parseRunMasterOptions({ service: true, detach: true, user: 'app', group: 'www' });
    expect(detached).toMatchObject({ service: 'detached', account: { user: 'app', group: 'www' } });
    expect(parseRunMasterOptions({ service: true, detach: false }).service).toBe('attached');
  });

  it('knows where log and pid file are', () => {
    const options = parseRunMasterOptions({ log: 'x.log', logLevel: 'warn', logFormat: 'json', pid: 'x.pid' });
    expect(options).toMatchObject({ log: { path: 'x.log', level: 'warn', format: 'json' }, pidFile: 'x.pid' });
    expect(parseRunMasterOptions({ stop: true, pid: 'x.pid', timeout: '10' })).toMatchObject({ stop: true });
  });

  it.each([
    [{ detach: false }, '--no-detach goes with --service'],
    [{ user: 'app' }, '--user goes with --service'],
    [{ group: 'app' }, '--group goes with --service'],
    [{ stop: true, service: true }, '--service does not go with --stop, which runs nothing'],
    [{ check: true, logLevel: 'warn' }, '--log-level does not go with --check, which runs nothing'],
    [{ stop: true, check: true }, '--stop and --check do not go together'],
    [{ plan: true, check: true }, '--check and --plan do not go together'],
    [{ plan: true, service: true }, '--service does not go with --plan, which runs nothing'],
    [{ logLevel: 'wran' }, '--log-level: found "wran" (did you mean "warn"?), expected one of fatal, error, warn'],
    [{ logFormat: 'yaml' }, '--log-format: found "yaml", expected one of text, json'],
    [{ log: ' ' }, '--log: found " ", expected the path of a file'],
    [{ pid: '' }, '--pid: found "", expected the path of a file'],
  ])('refuses %j and says why', (texts, message) => {
    expect(() => parseRunMasterOptions(texts)).toThrow(message);
    expect(() => parseRunMasterOptions(texts)).toThrow(UsageError);
  });

  it.each([
    { json: true },
    { timeout: '4.9' },
    { timeout: '0' },
    { timeout: '4900ms' },
    { timeout: '' },
    { maxRunningTime: '-1' },
    { maxRunningTime: '1w' },
    { maxProcessTimeout: '-1' },
    { maxProcessTimeout: '1e3' },
    { maxProcessTimeout: 'three' },
  ])('refuses %j', (texts) => {
    expect(() => parseRunMasterOptions(texts)).toThrow(UsageError);
  });
});
