import type * as OpenTelemetry from '@opentelemetry/api';
import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import type { ItemContext } from './item-context.js';
import { isThenable, type ItemHandler } from './lanes.js';

type Api = typeof OpenTelemetry;

/** Whose items they are. */
export interface TracedWork {
  readonly group: string;
  readonly command: string;
}

/** Before the names of attributes. */
const PREFIX = 'distributed_architecture.';

/** Where an SDK puts what it registers with any copy of the api, followed by the api's major version. */
const REGISTRY = 'opentelemetry.js.api.';

/** Where something else than traces is registered it is looked only so often, in items, whether somebody takes spans by now. */
const LOOK_EVERY = 256;

/**
 * The same handler, but with a span around each item, active while it is handled. Where no SDK of OpenTelemetry is
 * registered at this moment it is the very same, and `@opentelemetry/api` is not even loaded: that takes 3 MB.
 */
export async function traceItems<T>(handle: ItemHandler<T>, work: TracedWork): Promise<ItemHandler<T>> {
  const api = isRegistered() ? await loadApi() : undefined;
  return api === undefined ? handle : tracing(handle, work, api);
}

function isRegistered(): boolean {
  return Object.getOwnPropertySymbols(globalThis).some(({ description }) => description?.startsWith(REGISTRY));
}

/** An optional peer: it is the application's own copy, by which its SDK is found. */
async function loadApi(): Promise<Api | undefined> {
  try {
    return await import('@opentelemetry/api');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function tracing<T>(handle: ItemHandler<T>, { group, command }: TracedWork, api: Api): ItemHandler<T> {
  const tracer = api.trace.getTracer('@distributed-architecture/queue');
  const name = `handle ${command}`;
  let taken = false;
  let count = 0;
  return (item, context) => {
    if (!taken && count++ % LOOK_EVERY !== 0) return handle(item, context);
    const span = startSpan(tracer, name, { group, 'item.id': context.id, 'item.attempt': context.attempt }, api);
    // The api without an SDK gives spans that are of no trace.
    taken = api.isSpanContextValid(span.spanContext());
    if (!taken) return handle(item, context);
    const scope = api.trace.setSpan(api.context.active(), span);
    return ended(() => api.context.with(scope, handle, undefined, item, context), new ItemSpan(span, context, api));
  };
}

function startSpan(tracer: Tracer, name: string, facts: Attributes, { SpanKind }: Api): Span {
  const attributes = Object.fromEntries(Object.entries(facts).map(([key, value]) => [PREFIX + key, value]));
  return tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes });
}

/** A handler that returns at once stays one. */
function ended(run: () => void | Promise<void>, span: ItemSpan): void | Promise<void> {
  let result: void | Promise<void>;
  try {
    result = run();
  } catch (error) {
    span.fail(error);
    throw error;
  }
  if (!isThenable(result)) return span.end('done');
  return result.then(
    () => span.end('done'),
    (error: unknown) => {
      span.fail(error);
      throw error;
    },
  );
}

class ItemSpan {
  constructor(
    private readonly span: Span,
    private readonly context: ItemContext,
    private readonly api: Api,
  ) {}

  fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.span.recordException(error instanceof Error ? error : message);
    this.span.setStatus({ code: this.api.SpanStatusCode.ERROR, message });
    this.end('failed');
  }

  /** What ends too late has timed out, whatever came of it. */
  end(outcome: 'done' | 'failed'): void {
    this.span.setAttribute(`${PREFIX}item.outcome`, this.context.signal.aborted ? 'timed-out' : outcome);
    this.span.end();
  }
}
