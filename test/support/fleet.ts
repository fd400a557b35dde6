import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  Launcher,
  type ApplyResult,
  type GroupOptions,
  type LauncherOptions,
  type LifecycleEventMap,
  type LifecycleEventName,
  type LogLevel,
  type LogOrigin,
  type LogSink,
  type QueueGroupOptions,
  type RunResult,
} from '@distributed-architecture/core';
import { onTestFinished } from 'vitest';
import { endMarkedProcesses } from '../setup/marked-processes.js';
import { isAboutTransport, transportOptions } from './agents.js';

const MARK = 'DISTRIBUTED_ARCHITECTURE_TEST_FLEET';
const DEADLINE_MS = 30_000;

/** Tests leave no compiled code in the user's cache. */
export const WITHOUT_CACHE: Readonly<Record<string, string>> = { NODE_DISABLE_COMPILE_CACHE: '1' };

/** One line of the launcher's log. */
export interface LogLine {
  readonly origin: string;
  readonly level: LogLevel;
  readonly text: string;
  readonly context?: string;
}

/** Path of a program in test/core/fixtures. */
export function fixture(name: string): string {
  return join(import.meta.dirname, '../core/fixtures', name);
}

/** A group that runs one of the fixtures as its slave. */
export function slave(script: string, options: Partial<GroupOptions> = {}): GroupOptions {
  return { name: 'Group', command: 'work', console: fixture(script), ...options };
}

/** A group that runs a program of its own. */
export function program(command: string, options: Partial<GroupOptions> = {}): GroupOptions {
  return { name: 'Group', command, console: false, ...options };
}

/**
 * Real processes under a launcher of this test. When the test ends they are killed, and none may be left: the test
 * fails otherwise.
 */
export class Fleet {
  readonly log: LogLine[] = [];
  /** `name id.incarnation` each; `process_running` left out. */
  readonly events: string[] = [];
  readonly launcher: Launcher;
  readonly end: Promise<RunResult>;
  readonly #mark = `${MARK}=${randomUUID()}`;
  readonly #waiting = new Set<() => void>();

  constructor(groups: readonly (GroupOptions | QueueGroupOptions)[], options: LauncherOptions = {}) {
    this.launcher = new Launcher({ logger: this.#sink(), ...transportOptions(), ...options });
    this.#record();
    onTestFinished(() => this.#leaveNothing());
    this.end = this.launcher.run(groups.map((group) => this.#marked(group)));
  }

  /** What processes and the launcher said, without who said it. */
  get texts(): string[] {
    return this.log.map(({ text }) => text);
  }

  /** Runs to its end. */
  static async run(
    groups: readonly (GroupOptions | QueueGroupOptions)[],
    options: LauncherOptions = {},
  ): Promise<Fleet & RunResult> {
    const fleet = new Fleet(groups, options);
    return Object.assign(fleet, await fleet.end);
  }

  /** Waits for a line that has this text, and returns it. */
  async says(text: string, times = 1): Promise<string> {
    const found = (): string[] => this.texts.filter((line) => line.includes(text));
    await this.until(`the line "${text}"`, () => found().length >= times);
    return found()[times - 1]!;
  }

  async tells(event: string): Promise<void> {
    await this.until(`the event ${event}`, () => this.events.includes(event));
  }

  /** Makes it what another configuration says. */
  async apply(groups: readonly (GroupOptions | QueueGroupOptions)[]): Promise<ApplyResult> {
    return await this.launcher.apply(groups.map((group) => this.#marked(group)));
  }

  /** Looks at each line and event whether the condition holds. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => {
      if (condition()) resolve();
    };
    const timer = setTimeout(
      () => reject(new Error(`Waited in vain for ${what}:\n${this.texts.join('\n')}`)),
      DEADLINE_MS,
    );
    this.#waiting.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }

  #marked<G extends GroupOptions | QueueGroupOptions>(group: G): G {
    const [name = '', value = ''] = this.#mark.split('=');
    return { ...group, env: { ...WITHOUT_CACHE, ...group.env, [name]: value } };
  }

  #record(): void {
    const names: LifecycleEventName[] = ['master_starting', 'master_started', 'master_stopped', 'process_created'];
    for (const name of [...names, 'process_started', 'process_stopped', 'process_timedout'] as const)
      this.launcher.on(name, (event) => this.#note(this.events, describeEvent(name, event)));
  }

  #sink(): LogSink {
    return {
      write: (origin, level, text, context) => {
        if (!isAboutTransport(text)) this.#note(this.log, { origin: nameOf(origin), level, text, context });
      },
      writeLines: (origin, level, lines) => {
        for (const text of lines.slice(0, -1).split('\n')) this.log.push({ origin: nameOf(origin), level, text });
        this.#look();
      },
      full: () => undefined,
      flush: () => Promise.resolve(),
    };
  }

  #note<T>(list: T[], entry: T): void {
    list.push(entry);
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  async #leaveNothing(): Promise<void> {
    await this.launcher.kill();
    const left = await endMarkedProcesses(this.#mark);
    if (left.length > 0) throw new Error(`Left behind:\n${left.map(({ command }) => command).join('\n')}`);
  }
}

function nameOf(origin: LogOrigin): string {
  return origin.display;
}

function describeEvent<N extends LifecycleEventName>(name: N, event: LifecycleEventMap[N]): string {
  if (!('process' in event)) return name;
  const exit = 'exit' in event ? ` ${event.exit.reason}` : '';
  return `${name} ${event.process.id}.${event.process.incarnation}${exit}`;
}
