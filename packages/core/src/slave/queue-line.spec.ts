import { expect, it } from 'vitest';
import type { QueueLauncherMessage, QueueStart } from '../channel/queue-message.js';
import { QueueLine } from './queue-line.js';

const START: QueueStart = { role: 'feeder', key: Buffer.alloc(32).toString('base64') };

it('who listens late learns of all messages, in their order', () => {
  const line = new QueueLine(START, { send: () => {}, feederReady: () => {}, waits: () => {} });
  const heard: QueueLauncherMessage[] = [];
  line.receive({ type: 'consumer-gone', id: 2, incarnation: 1 });
  line.receive({ type: 'let-go', count: 1 });
  line.listen((message) => heard.push(message));
  line.receive({ type: 'let-go', count: 2 });
  expect(heard.map((message) => JSON.stringify(message))).toEqual([
    '{"type":"consumer-gone","id":2,"incarnation":1}',
    '{"type":"let-go","count":1}',
    '{"type":"let-go","count":2}',
  ]);
});
