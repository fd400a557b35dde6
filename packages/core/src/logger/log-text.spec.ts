import { describe, expect, it } from 'vitest';
import { MASTER_ORIGIN, messageText, originTags } from './log-text.js';

describe('messageText', () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const error = new Error('broken');

  it.each([
    ['text', 'text'],
    ['', ''],
    [7, '7'],
    [7n, '7'],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
    [{ toJSON: () => undefined }, '{ toJSON: [Function: toJSON] }'],
    [loop, '<ref *1> { self: [Circular *1] }'],
    [{ big: 1n }, '{ big: 1n }'],
    [new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
    [error, error.stack],
  ])('case %#', (message, text) => {
    expect(messageText(message)).toBe(text);
  });

  it('an error without a stack has its message', () => {
    const bare = new Error('bare');
    delete bare.stack;
    expect(messageText(bare)).toBe('[Error: bare]');
  });

  it('an error has its cause', () => {
    const text = messageText(new Error('outer', { cause: new Error('inner') }));
    expect(text).toContain('Error: outer');
    expect(text).toContain('[cause]: Error: inner');
  });
});

it('originTags leaves out what an origin does not have', () => {
  expect(originTags({ group: 'G', host: 'localhost', display: 'work/1/1' })).toBe('[G] [localhost] [work/1/1]');
  expect(originTags({ host: 'server-host-1', display: 'master' })).toBe('[server-host-1] [master]');
  expect(originTags(MASTER_ORIGIN)).toBe('[master]');
});
