import { describe, expect, it, vi } from 'vitest';
import { guardLogger } from './guard-logger.js';

describe('guardLogger', () => {
  it('passes records to the method of their level', () => {
    const logger = {
      log: vi.fn<() => void>(),
      warn: vi.fn<() => void>(),
      error: vi.fn<() => void>(),
      debug: vi.fn<() => void>(),
    };
    guardLogger(logger).debug('text', 'Context');
    expect(logger.debug).toHaveBeenCalledWith('text', 'Context');
  });

  it('takes error for fatal, and drops what the logger has no level for', () => {
    const logger = { log: vi.fn<() => void>(), warn: vi.fn<() => void>(), error: vi.fn<() => void>() };
    const guarded = guardLogger(logger);
    guarded.fatal('the end');
    guarded.verbose('details');
    expect(logger.error).toHaveBeenCalledWith('the end');
    expect(logger.log).not.toHaveBeenCalled();
  });

  it('says once on stderr that the logger fails', () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const fail = (): never => {
      throw new Error('disk full');
    };
    const guarded = guardLogger({ log: fail, warn: fail, error: fail });
    guarded.log('one');
    guarded.warn('two');
    expect(stderr.mock.calls).toEqual([["The application's logger failed: Error: disk full\n"]]);
    stderr.mockRestore();
  });
});
