import { expect, it } from 'vitest';
import { LoggerLogSink } from './logger-log-sink.js';
import { LOG_LEVELS, type LogLevel } from './logger.js';

const ORIGIN = { group: 'G', host: 'localhost', display: 'work/1/1' };

function recorder() {
  const records: string[] = [];
  const methods = LOG_LEVELS.map((level) => [level, (message: unknown) => records.push(`${level} ${String(message)}`)]);
  return { records, logger: Object.fromEntries(methods) as Record<LogLevel, (message: unknown) => void> };
}

it('passes each line to the method of its level', () => {
  const { records, logger } = recorder();
  const sink = new LoggerLogSink(logger);
  sink.writeLines(ORIGIN, 'warn', 'one\ntwo\n');
  for (const level of LOG_LEVELS) sink.write({ display: 'master' }, level, 'x', 'Context');
  expect(records).toEqual([
    'warn [G] [localhost] [work/1/1] one',
    'warn [G] [localhost] [work/1/1] two',
    ...LOG_LEVELS.map((level) => `${level} [master] [Context] x`),
  ]);
});

it('a logger without a method for a level gets it as log, with its own this', () => {
  class Sparse {
    readonly records: unknown[] = [];
    log(message: unknown): void {
      this.records.push(message);
    }
  }
  const logger = new Sparse();
  new LoggerLogSink(logger).write(ORIGIN, 'verbose', 'x');
  expect(logger.records).toEqual(['[G] [localhost] [work/1/1] x']);
});

it('a logger that throws does not stop the launcher', () => {
  const sink = new LoggerLogSink({
    log: () => {
      throw new Error('disk full');
    },
  });
  expect(() => sink.write(ORIGIN, 'log', 'x')).not.toThrow();
});
