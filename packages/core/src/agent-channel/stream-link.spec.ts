import { Duplex, PassThrough, duplexPair } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AgentLinkListener } from './agent-link.js';
import { StreamLink } from './stream-link.js';

function recorder() {
  const messages: unknown[] = [];
  const closed: string[] = [];
  let drains = 0;
  const listener: AgentLinkListener = {
    message: (message) => void messages.push(message),
    drained: () => void drains++,
    closed: (reason) => void closed.push(reason),
  };
  return { messages, closed, listener, drains: () => drains };
}

function pair() {
  const [a, b] = duplexPair();
  return { a: new StreamLink(a), b: new StreamLink(b), raw: b };
}

describe('a link over a stream', () => {
  it('carries messages in their order', async () => {
    const { a, b } = pair();
    const heard = recorder();
    b.listen(heard.listener);
    a.send({ type: 'one', text: 'a\nb é' });
    a.send({ type: 'two' });
    await turn();
    expect(heard.messages).toEqual([{ type: 'one', text: 'a\nb é' }, { type: 'two' }]);
  });

  it('passes on what is no JSON as text', async () => {
    const { a, raw } = pair();
    const heard = recorder();
    a.listen(heard.listener);
    raw.write('Welcome to this machine\n{"type":"x"}\n');
    await turn();
    expect(heard.messages).toEqual(['Welcome to this machine', { type: 'x' }]);
  });

  it('says when there is no room, and when there is again', async () => {
    const { a, b } = pair();
    const sender = recorder();
    a.listen(sender.listener);
    let sent = 0;
    while (a.send({ text: 'x'.repeat(1000) })) sent++;
    expect(sender.drains()).toBe(0);
    const heard = recorder();
    b.listen(heard.listener);
    while (sender.drains() === 0) await turn();
    expect(heard.messages).toHaveLength(sent + 1);
  });

  it('tells the end of the other side once', async () => {
    const { a, raw } = pair();
    const heard = recorder();
    a.listen(heard.listener);
    raw.write('{"last":1}\n');
    raw.end();
    while (heard.closed.length === 0) await turn();
    await turn();
    expect([heard.messages, heard.closed]).toEqual([[{ last: 1 }], ['the other side has ended it']]);
    expect(a.send({})).toBe(true);
  });

  it('tells a broken stream, also one that broke before anybody listened', async () => {
    const stream = new PassThrough();
    const link = new StreamLink(stream as Duplex);
    stream.destroy(new Error('ECONNRESET'));
    await turn();
    const heard = recorder();
    link.listen(heard.listener);
    while (heard.closed.length === 0) await turn();
    expect(heard.closed).toHaveLength(1);
  });

  it('sends the last word before its own close, and hears nothing after it', async () => {
    const { a, b, raw } = pair();
    const [own, other] = [recorder(), recorder()];
    a.listen(own.listener);
    b.listen(other.listener);
    a.send({ type: 'bye' });
    a.close();
    raw.write('{"late":1}\n');
    while (other.closed.length === 0) await turn();
    expect([other.messages, own.messages, own.closed]).toEqual([[{ type: 'bye' }], [], []]);
  });

  it('hears nothing of a block after a message that made it close', async () => {
    const { a, raw } = pair();
    const messages: unknown[] = [];
    const close = (): void => a.close();
    a.listen({ ...recorder().listener, message: (message) => (messages.push(message), close()) });
    raw.write('{"n":1}\n{"n":2}\n');
    await turn();
    expect(messages).toEqual([{ n: 1 }]);
  });
});
