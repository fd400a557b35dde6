import { AsyncLocalStorage } from 'node:async_hooks';
import * as api from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ItemContext } from './item-context.js';
import type { ItemHandler } from './lanes.js';
import { traceItems } from './trace-items.js';

const WORK = { group: 'Mail', command: 'app:mail' };

/** As that of the SDK for Node. */
class ContextManager implements api.ContextManager {
  readonly #storage = new AsyncLocalStorage<api.Context>();

  active(): api.Context {
    return this.#storage.getStore() ?? api.ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: api.Context,
    fn: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => fn.call(self, ...args));
  }

  bind<T>(_context: api.Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

function itemContext(id: string, signal = new AbortController().signal): ItemContext {
  return { id, attempt: 2, signal } as ItemContext;
}

async function handled(handler: ItemHandler<string>, item = 'letter', context = itemContext('7')): Promise<void> {
  const handle = await traceItems(handler, WORK);
  await handle(item, context);
}

describe('with an SDK', () => {
  const exporter = new InMemorySpanExporter();

  beforeEach(() => {
    api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    api.context.setGlobalContextManager(new ContextManager());
  });

  afterEach(() => {
    api.trace.disable();
    api.context.disable();
    exporter.reset();
  });

  it('each item has a span that says whose it is and what became of it', async () => {
    await handled(async () => {});
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'handle app:mail',
      kind: api.SpanKind.CONSUMER,
      status: { code: api.SpanStatusCode.UNSET },
      attributes: {
        'distributed_architecture.group': 'Mail',
        'distributed_architecture.item.id': '7',
        'distributed_architecture.item.attempt': 2,
        'distributed_architecture.item.outcome': 'done',
      },
    });
  });

  it('spans of the handler hang below it, also behind an await', async () => {
    await handled(async () => {
      await Promise.resolve();
      api.trace.getTracer('mine').startSpan('send').end();
    });
    const [child, item] = exporter.getFinishedSpans();
    expect(child).toMatchObject({ name: 'send', parentSpanContext: { spanId: item!.spanContext().spanId } });
  });

  it.each([
    ['throws', () => Promise.reject(new TypeError('no such box'))],
    [
      'throws at once',
      () => {
        throw new TypeError('no such box');
      },
    ],
  ])('the error of a handler that %s is recorded, and still thrown', async (_, handler) => {
    await expect(handled(handler)).rejects.toThrow('no such box');
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      status: { code: api.SpanStatusCode.ERROR, message: 'no such box' },
      attributes: { 'distributed_architecture.item.outcome': 'failed' },
      events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError' } }],
    });
  });

  it('a handler that returns at once is no promise because of it', async () => {
    const handle = await traceItems<string>(() => {}, WORK);
    expect(handle('letter', itemContext('1'))).toBeUndefined();
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });

  it('what ends after its time-out says so', async () => {
    await handled(async () => {}, 'letter', itemContext('8', AbortSignal.abort()));
    expect(exporter.getFinishedSpans()[0]!.attributes).toMatchObject({
      'distributed_architecture.item.outcome': 'timed-out',
    });
  });
});

it('without an SDK the handler is the very same', async () => {
  const handler = (): void => {};
  api.trace.disable();
  Reflect.deleteProperty(globalThis, Symbol.for('opentelemetry.js.api.1'));
  expect(await traceItems(handler, WORK)).toBe(handler);
});

it('where only something else was registered, traces that come late get spans soon', async () => {
  const exporter = new InMemorySpanExporter();
  const items: string[] = [];
  api.context.setGlobalContextManager(new ContextManager());
  const handle = await traceItems<string>((item) => void items.push(item), WORK);
  for (let i = 0; i < 10; i++) await handle('early', itemContext('1'));
  api.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  for (let i = 0; i < 300; i++) await handle('late', itemContext('2'));
  expect(exporter.getFinishedSpans().length).toBeGreaterThanOrEqual(300 - 256);
  expect(items).toHaveLength(310);
  api.trace.disable();
  api.context.disable();
});
