import { describe, expect, it } from 'vitest';
import { RecordLogger } from './record-logger.js';

function recorded(use: (logger: RecordLogger) => void, bootErrors: 'shown' | 'left-out' = 'shown'): unknown[][] {
  const records: unknown[][] = [];
  use(new RecordLogger((...record) => records.push(record), bootErrors));
  return records;
}

describe('RecordLogger', () => {
  it('keeps level and context, and adds nothing to the text', () => {
    const records = recorded((logger) => {
      logger.warn('careful', 'Users');
      logger.verbose('plain');
    });
    expect(records).toEqual([
      ['warn', 'careful', 'Users'],
      ['verbose', 'plain', undefined],
    ]);
  });

  it('keeps the stack of an error', () => {
    const stack = 'Error: broken\n    at work (file.js:1:2)';
    expect(recorded((logger) => logger.error('it failed', stack, 'Users'))).toEqual([
      ['error', `it failed\n${stack}`, 'Users'],
    ]);
  });

  it('shows what an Error object holds', () => {
    const [[level, text] = []] = recorded((logger) => logger.error(new TypeError('broken'), 'Users'));
    expect(level).toBe('error');
    expect(text).toMatch(/^TypeError: broken\n +at /);
  });

  it('writes objects without colours', () => {
    expect(recorded((logger) => logger.log({ a: 1 }))).toEqual([['log', expect.stringContaining('a: 1'), undefined]]);
  });

  it('leaves out what Nest tells of its boot, but none of its warnings', () => {
    const records = recorded((logger) => {
      logger.log('AppModule dependencies initialized', 'InstanceLoader');
      logger.warn('something is odd', 'InstanceLoader');
    });
    expect(records).toEqual([['warn', 'something is odd', 'InstanceLoader']]);
  });

  it('leaves out the record of a failed boot where somebody else reports it', () => {
    const use = (logger: RecordLogger): void => logger.error('no provider', 'ExceptionHandler');
    expect(recorded(use, 'left-out')).toEqual([]);
    expect(recorded(use, 'shown')).toHaveLength(1);
  });

  it('keeps to its levels', () => {
    const records = recorded((logger) => {
      logger.setLogLevels(['warn']);
      logger.log('no');
      logger.warn('yes');
    });
    expect(records).toEqual([['warn', 'yes', undefined]]);
  });
});
