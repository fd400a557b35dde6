import { Writable } from 'node:stream';
import { LOG_LEVELS, type Logger } from '@distributed-architecture/core';
import { expect, it } from 'vitest';
import { BegunItem } from './begun-item.js';
import { currentItem, itemScope } from './item-context.js';
import { itemLogger, tagOutput } from './item-log.js';

function recorder(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const methods = LOG_LEVELS.map((level) => [
    level,
    (message: unknown, context?: string) => void lines.push(`${level} ${String(message)} ${context}`),
  ]);
  return { logger: Object.fromEntries(methods) as Logger, lines };
}

const itemOf = (id: number, logger = recorder().logger): BegunItem => new BegunItem(id, 1, undefined, logger);

function stream(): { out: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer, _, written) {
      chunks.push(chunk);
      written();
    },
  });
  return { out, text: () => Buffer.concat(chunks).toString() };
}

it('messages within the handling of an item begin with its number, also later', async () => {
  const { logger, lines } = recorder();
  const log = itemLogger(logger);
  log.log('outside', 'Service');
  await itemScope.run(itemOf(5), async () => {
    log.warn('now', 'Service');
    await Promise.resolve();
    log.error({ code: 1 });
    expect(currentItem()?.id).toBe('5');
  });
  expect(lines).toEqual(['log outside Service', 'warn [item 5] now Service', 'error [item 5] { code: 1 } undefined']);
});

it("an item's own logger says its number anywhere, and nothing is tagged twice", () => {
  const { logger, lines } = recorder();
  const item = itemOf(6, itemLogger(logger));
  item.log.log('elsewhere');
  itemScope.run(item, () => itemLogger(item.log).log('within'));
  expect(lines).toEqual(['log [item 6] elsewhere undefined', 'log [item 6] within undefined']);
});

it('an error keeps its stack', () => {
  const { logger, lines } = recorder();
  itemScope.run(itemOf(1), () => itemLogger(logger).error(new Error('broken')));
  expect(lines[0]).toMatch(/^error \[item 1\] Error: broken\n\[item 1\] {5}at /u);
});

it('lines of the output within an item begin with its number', () => {
  const { out, text } = stream();
  tagOutput(out);
  out.write('outside\n');
  itemScope.run(itemOf(7), () => {
    out.write('one\ntwo\n');
    out.write('a');
    out.write('b\n');
    out.write(Buffer.from('bytes\nmore'));
    out.write('\n');
    out.write(Buffer.from('hex').toString('hex'), 'hex');
    out.write('');
    out.write('\n\n');
    out.write('[item 7] itself\n');
  });
  out.write('after\n');
  expect(text().split('\n')).toEqual([
    'outside',
    '[item 7] one',
    '[item 7] two',
    '[item 7] ab',
    '[item 7] bytes',
    '[item 7] more',
    '[item 7] hex',
    '[item 7] ',
    '[item 7] itself',
    'after',
    '',
  ]);
});

it('a write within an item still calls back, and tagging can be undone', async () => {
  const { out, text } = stream();
  const undo = tagOutput(out);
  await new Promise<void>((resolve) => {
    itemScope.run(itemOf(1), () => out.write('x\n', 'utf8', () => resolve()));
  });
  undo();
  itemScope.run(itemOf(1), () => out.write('y\n'));
  expect(text()).toBe('[item 1] x\ny\n');
});
