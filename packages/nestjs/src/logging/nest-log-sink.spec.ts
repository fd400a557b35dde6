import { Logger } from '@nestjs/common';
import type { LogSink } from '@distributed-architecture/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentLogger } from './current-logger.js';
import { FleetLogger } from './fleet-logger.js';
import { NestLogSink } from './nest-log-sink.js';

const ORIGIN = { group: 'G', host: 'localhost', display: 'work/1/1' };
const before = currentLogger();

function fakeSink() {
  return {
    write: vi.fn<LogSink['write']>(),
    writeLines: vi.fn<LogSink['writeLines']>(),
    full: () => undefined,
    flush: async () => {},
  };
}

describe('NestLogSink', () => {
  afterEach(() => {
    if (before !== undefined) Logger.overrideLogger(before);
  });

  it('uses the sink of our own logger, so that all lines keep one order', () => {
    const sink = fakeSink();
    Logger.overrideLogger(new FleetLogger(sink));
    new NestLogSink().writeLines(ORIGIN, 'log', 'a\nb\n');
    new Logger('App').warn('own line');
    expect(sink.writeLines).toHaveBeenCalledWith(ORIGIN, 'log', 'a\nb\n');
    expect(sink.write).toHaveBeenCalledWith({ display: 'master' }, 'warn', 'own line', 'App');
  });

  it("passes single lines to a user's logger, and follows a change of the logger", () => {
    const logger = { log: vi.fn<() => void>(), warn: vi.fn<() => void>(), error: vi.fn<() => void>() };
    const sink = fakeSink();
    const nestSink = new NestLogSink();
    Logger.overrideLogger(logger);
    nestSink.writeLines(ORIGIN, 'log', 'a\nb\n');
    expect(logger.log.mock.calls).toEqual([['[G] [localhost] [work/1/1] a'], ['[G] [localhost] [work/1/1] b']]);
    Logger.overrideLogger(new FleetLogger(sink));
    nestSink.writeLines(ORIGIN, 'log', 'c\n');
    expect(logger.log).toHaveBeenCalledTimes(2);
    expect(sink.writeLines).toHaveBeenCalledTimes(1);
  });

  it('goes to stdout when logging is off in Nest', async () => {
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((_text, done) => {
      if (typeof done === 'function') (done as () => void)();
      return true;
    });
    Logger.overrideLogger(false);
    const sink = new NestLogSink();
    sink.write(ORIGIN, 'log', 'still said');
    await sink.flush();
    const text = stdout.mock.calls.map(([each]) => String(each)).join('');
    stdout.mockRestore();
    expect(text).toMatch(/ log \[G\] \[localhost\] \[work\/1\/1\] still said\n$/);
  });
});
