import type { JournalEntry } from '../event-journal/journal-event.js';
import type { FleetConfiguration } from '../plan/fleet-configuration.js';
import type { ApplyResult, ForceOptions, ReloadResult } from './fleet-control.js';
import type { FleetStatus, GroupStatus, ProcessStatus } from './fleet-status.js';
import type { Health } from './health.js';
import type { ControlClientOptions } from './client-options.js';
import type { ControlRequest } from './client-request.js';
import type { LogLine, LogLines } from './saying.js';
import type { PassingEntry } from './event-feed.js';

export interface EventsOptions {
  readonly group?: string;
  /** Default: all that are kept. */
  readonly types?: readonly string[];
  /** Begin with what happened at this moment. Default: now. */
  readonly since?: Date;
  /** Of the past, at most. Default 1000. */
  readonly limit?: number;
}

export interface LogsOptions {
  readonly group?: string;
  /** Id. */
  readonly process?: number;
  /** Default 100. */
  readonly lines?: number;
}

/** Some events were left out for a reader that was too slow. */
export interface DroppedEntry {
  readonly type: 'dropped';
  readonly count: number;
}

export type FollowedEvent = JournalEntry | PassingEntry | DroppedEntry;

/**
 * Asks a running master by its control socket.
 *
 * All throw MasterNotRunningError, ControlConnectionError, and what the master itself throws (see `FleetControl`). A request
 * that is given up goes on in the master.
 */
export class ControlClient {
  /** @param socketPath `control.sock` in the run's folder */
  constructor(
    readonly socketPath: string,
    private readonly options: ControlClientOptions = {},
  ) {}

  status(): Promise<FleetStatus> {
    return this.#ask({ path: '/status' });
  }

  groups(): Promise<GroupStatus[]> {
    return this.#ask({ path: '/groups' });
  }

  /** @param group default: all */
  processes(group?: string): Promise<ProcessStatus[]> {
    return this.#ask({ path: '/processes', query: { group } });
  }

  /** Groups as they run, and the settings of the master. Secrets are in it. */
  configuration(): Promise<FleetConfiguration> {
    return this.#ask({ path: '/configuration' });
  }

  /** What processes said last, the oldest first. */
  logs(options: LogsOptions = {}): Promise<LogLine[]> {
    return this.#ask({ path: '/logs', query: { ...options } });
  }

  /** What processes said last, and what they say from now on, until the master ends or the signal is aborted. */
  async *followLogs(options: LogsOptions = {}): AsyncGenerator<LogLine | DroppedEntry, void, undefined> {
    for await (const { event, data } of this.#follow({ path: '/logs', query: { ...options, follow: 1 } })) {
      if (event === 'dropped') yield { type: 'dropped', ...(data as { count: number }) };
      if (event !== 'lines') continue;
      const { lines, ...speaker } = data as LogLines;
      for (const line of lines) yield { ...speaker, line };
    }
  }

  /** What happens, until the master ends or the signal is aborted. */
  async *events(options: EventsOptions = {}): AsyncGenerator<FollowedEvent, void, undefined> {
    for await (const { event, data } of this.#follow({ path: '/events', query: eventsQuery(options) }))
      yield event === 'dropped' ? { type: 'dropped', ...(data as { count: number }) } : (data as JournalEntry);
  }

  /** What happened, also in runs before. */
  pastEvents(options: EventsOptions = {}): Promise<JournalEntry[]> {
    return this.#ask({ path: '/events', query: { ...eventsQuery(options), follow: 0 } });
  }

  /** @param group default: all. @returns how they do now */
  suspend(group?: string, { force = false }: ForceOptions = {}): Promise<GroupStatus[]> {
    return this.#ask({ method: 'POST', path: pathOf(group, 'suspend'), body: { force } });
  }

  /** @param group default: all */
  resume(group?: string): Promise<GroupStatus[]> {
    return this.#ask({ method: 'POST', path: pathOf(group, 'resume') });
  }

  scale(group: string, count: number): Promise<GroupStatus[]> {
    return this.#ask({ method: 'POST', path: pathOf(group, 'scale'), body: { count }, waits: true });
  }

  /** Without a group: the whole service, which only one in the background does. Resolves when that has begun. */
  async restart(group?: string, { force = false }: ForceOptions = {}): Promise<void> {
    const body = group === undefined ? {} : { force };
    await this.#ask({ method: 'POST', path: pathOf(group, 'restart'), body, waits: true });
  }

  /** @returns with `configOnly` what became of the changed configuration, else of the reload */
  reload(options: { readonly configOnly: true }): Promise<ApplyResult>;
  reload(options?: { readonly group?: string }): Promise<ReloadResult>;
  reload(body: { readonly group?: string; readonly configOnly?: boolean } = {}): Promise<ReloadResult | ApplyResult> {
    return this.#ask({ method: 'POST', path: '/reload', body, waits: true });
  }

  /** Resolves when the master has begun to stop: `events` end when it has. */
  async stop(): Promise<void> {
    await this.#ask({ method: 'POST', path: '/stop' });
  }

  /** In the text format of Prometheus. */
  metrics(): Promise<string> {
    return this.#ask({ path: '/metrics', isText: true });
  }

  async isReady(): Promise<Health> {
    return this.#ask({ path: '/health/ready', also: [503] });
  }

  async #ask<T>(request: ControlRequest): Promise<T> {
    const { ask } = await import('./client-request.js');
    return (await ask(this.socketPath, request, this.options)) as T;
  }

  async *#follow(request: ControlRequest): AsyncGenerator<{ event: string; data: unknown }, void, undefined> {
    const { follow } = await import('./client-request.js');
    yield* follow(this.socketPath, request, this.options);
  }
}

function pathOf(group: string | undefined, command: string): string {
  return group === undefined ? `/${command}` : `/groups/${encodeURIComponent(group.toWellFormed())}/${command}`;
}

function eventsQuery({ group, types, since, limit }: EventsOptions): ControlRequest['query'] {
  return { group, types: types?.join(','), since: since?.toISOString(), limit };
}
