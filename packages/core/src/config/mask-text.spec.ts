import { describe, expect, it } from 'vitest';
import { maskCommand, maskText } from './mask-text.js';

describe('of a text', () => {
  it.each([
    ['redis://u:pw@h/1', 'redis://u:***@h/1'],
    ['redis://:pw@h', 'redis://:***@h'],
    ['redis://u:pw/1@h/1', 'redis://u:***@h/1'],
    ['amqp://u:p@ss@h', 'amqp://u:***@h'],
    ['smtp://me@x.org:p:w@mail', 'smtp://me@x.org:***@mail'],
    ['amqp://u:p#?&=w@h', 'amqp://u:***@h'],
    ['postgres://u:my pass@h/db', 'postgres://u:***@h/db'],
    ['redis://u:a://b@h', 'redis://u:***@h'],
    ['jdbc:mysql://u:pw@h', 'jdbc:mysql://u:***@h'],
    ['see amqp://u:pw@one and redis://:p@w@two', 'see amqp://u:***@one and redis://:***@two'],
    ['amqp://u:pw@one,amqp://u:pw@two', 'amqp://u:***@one,amqp://u:***@two'],
    ['https://h/x?api_key=abc&page=1', 'https://h/x?api_key=***'],
    ['Server=h;Password="a b"c', 'Server=h;Password=***'],
    ['password = abc\nuser = me', 'password = ***\nuser = me'],
    ['token=a=b==', 'token=***'],
    ['token=', 'token='],
  ])('%s is shown as %s', (text, shown) => {
    expect(maskText(text)).toBe(shown);
  });

  it.each(['', 'http://h:80/path', 'http://h/@scope', 'me@two:22', 'monkey=1', 'a == b', 'ssh://me@h:22'])(
    '%s is shown whole',
    (text) => expect(maskText(text)).toBe(text),
  );
});

describe('of a command', () => {
  it.each([
    ['x --password pw --verbose', 'x --password *** --verbose'],
    ['x --password=pw,with;all&of=it y', 'x --password=*** y'],
    ['x --password="a b" y', 'x --password=*** y'],
    ['x "--password=a b" y', 'x "--password=***" y'],
    ['x -token "a \\"b" y', 'x -token *** y'],
    ["x '--api-key' -starts-with-a-dash y", "x '--api-key' *** y"],
    ['x --dsn redis://u:pw@h', 'x --dsn ***'],
    ['x --url redis://u:p/w@h --name y', 'x --url redis://u:***@h --name y'],
    ['env API_TOKEN=abc node x.js', 'env API_TOKEN=*** node x.js'],
    ['x --password "a quote too few', 'x --password *** quote too few'],
  ])('%s is shown as %s', (command, shown) => {
    expect(maskCommand(command)).toBe(shown);
  });

  it.each(['app:send-mails', 'node x.js --monkey 1 --url http://h:80/', 'curl  -s\thttp://h', 'x --password'])(
    '%s is shown whole',
    (command) => expect(maskCommand(command)).toBe(command),
  );
});

it('long texts take no time', () => {
  const started = performance.now();
  for (const part of ['a', '://', 'a=', '://a:', ' a://', '"', "'", '\\', '= ', '@'])
    for (const mask of [maskText, maskCommand]) mask(part.repeat(20_000));
  expect(performance.now() - started).toBeLessThan(10_000);
}, 60_000);
