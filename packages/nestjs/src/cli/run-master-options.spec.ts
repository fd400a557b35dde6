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
