import { beforeEach, describe, expect, it } from 'vitest';
import { LOG_CREDIT } from '../channel/protocol.js';
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

  it('before the end all is sent whatever the credit', () => {
    channel.logger.log('x'.repeat(LOG_CREDIT));
    channel.logger.log('one');
    channel.flush();
    channel.logger.log('two');
    expect(texts().slice(1)).toEqual(['one', 'two']);
  });
});
