import { beforeEach, describe, expect, it } from 'vitest';
import { LOG_BACKLOG, LOG_CREDIT } from '../channel/protocol.js';
import type { LogMessage } from '../channel/slave-message.js';
import { LOG_LEVELS } from '../logger/logger.js';
import { ChannelLogger } from './channel-logger.js';

let sent: LogMessage[];
let channel: ChannelLogger;

beforeEach(() => {
  sent = [];
  channel = new ChannelLogger((message) => sent.push(message));
});

const texts = (): string[] => sent.map(({ message }) => message);

describe('ChannelLogger', () => {
  it('sends each record at once, with its level and context', () => {
    for (const level of LOG_LEVELS) channel.logger[level]('x', 'Users');
    channel.logger.log({ a: 1 });
    expect(sent).toEqual([
      ...LOG_LEVELS.map((level) => ({ type: 'log', level, message: 'x', context: 'Users' })),
      { type: 'log', level: 'log', message: '{"a":1}', context: undefined },
    ]);
  });

  it('takes what is no name of a context for a part of the message', () => {
    channel.logger.error('failed', { code: 7 } as unknown as string);
    expect(sent).toEqual([{ type: 'log', level: 'error', message: 'failed {"code":7}', context: undefined }]);
  });

  it('keeps records back beyond its credit, and sends them in their order as more is granted', () => {
    channel.logger.log('x'.repeat(LOG_CREDIT));
    for (const text of ['one', 'two', 'three', 'four']) channel.logger.log(text);
    expect(sent).toHaveLength(1);
    channel.grant(4);
    expect(texts().slice(1)).toEqual(['one', 'two']);
    channel.grant(2);
    expect(texts().slice(1)).toEqual(['one', 'two']);
    channel.grant(1);
    expect(texts().slice(1)).toEqual(['one', 'two', 'three']);
    channel.logger.log('five');
    channel.grant(LOG_CREDIT);
    expect(texts().slice(1)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });

  it('a record that is longer than the credit comes in pieces that cut no character', () => {
    channel.grant(3 * LOG_CREDIT);
    const text = `x${'😀'.repeat(LOG_CREDIT)}y`;
    channel.logger.error(text, 'Users');
    expect(texts().map((piece) => piece.endsWith(' [...]'))).toEqual([true, true, false]);
    expect(texts().join('').replaceAll(' [...]', '')).toBe(text);
    expect(texts().every((piece) => piece.isWellFormed())).toBe(true);
  });

  it('drops what does not fit into its backlog, and says how much once that has been sent', () => {
    channel.logger.log('x'.repeat(LOG_CREDIT));
    for (let i = 0; i < 16; i++) channel.logger.log(`${i} `.padEnd(LOG_CREDIT));
    for (let i = 0; i < 3; i++) channel.logger.error('too much');
    for (let i = 0; i < 15; i++) channel.grant(LOG_CREDIT);
    channel.logger.log('still too much, or the order would be lost');
    channel.grant(LOG_CREDIT);
    expect(sent).toHaveLength(17);
    channel.grant(LOG_CREDIT);
    channel.logger.log('flows again');
    expect(sent.slice(17)).toEqual([
      { type: 'log', level: 'warn', message: dropped(4) },
      { type: 'log', level: 'log', message: 'flows again' },
    ]);
  });

  it('records without text fill the backlog as well', () => {
    channel.logger.log('x'.repeat(LOG_CREDIT));
    for (let i = 0; i < 300_000; i++) channel.logger.log('');
    channel.flush();
    expect(texts().at(-1)).toBe(dropped(300_000 - LOG_BACKLOG / 64));
  });

  it('before the end all is sent whatever the credit, but not without bound', () => {
    channel.logger.log('x'.repeat(LOG_CREDIT));
    channel.logger.log('one');
    channel.flush();
    channel.logger.log('two');
    channel.flush();
    expect(texts().slice(1)).toEqual(['one', 'two']);
    for (let i = 0; i < 20; i++) channel.logger.log('y'.repeat(LOG_CREDIT));
    channel.flush();
    channel.logger.log('too late');
    channel.flush();
    expect(texts().slice(19)).toEqual([dropped(4), dropped(1)]);
  });

  it('the error that ends the process is the last word, whatever is dropped', () => {
    channel.logger.log('x'.repeat(LOG_CREDIT));
    for (let i = 0; i < 20; i++) channel.logger.log('y'.repeat(LOG_CREDIT));
    channel.lastWord('broken');
    expect(sent.slice(17)).toEqual([
      { type: 'log', level: 'warn', message: dropped(4) },
      { type: 'log', level: 'error', message: 'broken' },
    ]);
  });
});

function dropped(count: number): string {
  return `${count} records were dropped while the log was full`;
}
