import type { AgentLink } from '../agent-channel/agent-link.js';
import { compareBuilds } from '../agent-channel/build-id.js';
import {
  parseAgentMessage,
  type AgentHello,
  type AgentMessage,
  type AgentRecord,
  type DemandOfFeeder,
  type RecordMessage,
} from '../agent-channel/agent-message.js';
import { runMessage, type MasterMessage } from '../agent-channel/master-message.js';
import { LISTENER_ID } from '../agent-channel/listener-origin.js';
import { AGENT_PROTOCOL, CAPABILITIES } from '../agent-channel/protocol.js';
import type { Wanted } from '../agent-channel/terms.js';
import { Alarm } from '../clock/alarm.js';
import { messageText } from '../logger/log-text.js';
import type { AgentNotice } from '../agent-channel/agent-notice.js';
import type { LogLevel } from '../logger/logger.js';
import type { ProcessSpec } from '../process/process-spec.js';
import { problemOf } from './agent-problem.js';
import { HostLedger } from './host-ledger.js';
import type { HostLinkOptions } from './host-link-options.js';
import {
  createHostRecord,
  decideHost,
  hostDeadline,
  type HostEffect,
  type HostEvent,
  type HostRecord,
} from './host-machine.js';
import { createLinkNumbers, type LinkNumbers } from './link-numbers.js';
import { NoticeBox } from './notice-box.js';
import { RecordInbox } from './record-inbox.js';

/** So many messages that are none of ours are logged: a shell at the other end may greet, or something else talk for ever. */
const MOST_IGNORED = 100;

/** So many characters of each are shown. */
const EXCERPT = 200;

/**
 * The master's end of one host: keeps a link to its agent, and tells what happens to the processes there. What a
 * listener causes, such as another wish, is looked at after the event that it learns of.
 */
export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #ledger: HostLedger;
  readonly #inbox: RecordInbox;
  readonly #notices: NoticeBox;
  readonly #numbers: LinkNumbers;
  readonly #alarm: Alarm;
  readonly #mailbox: HostEvent[] = [];
  /** Of the agent that said hello last. */
  #toldBuild: string | undefined;
  /** Of its package. */
  #version = '';
  #record: HostRecord;
  #link: AgentLink | undefined;
  /** Ends the attempt to connect that counts. */
  #attempt = new AbortController();
  #ignored = 0;
  #draining = false;
  readonly #done = Promise.withResolvers<void>();

  constructor(options: HostLinkOptions) {
    const { clock, full, specs, listener, numbers = createLinkNumbers() } = options;
    this.#options = options;
    this.#numbers = numbers;
    this.#notices = new NoticeBox(numbers);
    this.#record = createHostRecord(options.transport, options.leaseMs);
    this.#ledger = new HostLedger(specs, (change) => listener.onChange(change));
    this.#inbox = new RecordInbox({ clock, full, confirm: (sequence) => this.#send({ type: 'confirm', sequence }) });
    this.#alarm = new Alarm(clock, () => this.#post({ type: 'due' }));
  }

  /** Begins to connect, and connects again whenever the link is gone. */
  run(): void {
    this.#post({ type: 'run' });
  }

  /**
   * What is wanted of the processes from now on, all of them; one that is not named is not started.
   *
   * @param renewed those that were to run again since the last call, whatever is wanted of them now
   */
  want(wanted: ReadonlyMap<number, Wanted>, renewed?: ReadonlySet<number>): void {
    this.#numbers.generation++;
    this.#ledger.want(wanted, this.#numbers.generation, renewed);
    this.#post({ type: 'want' });
  }

  /**
   * There is more to run, or less. An agent that cannot be amended lets what is added fail, and that is logged.
   *
   * @param forgotten what is known to be over; nothing more is told of it
   */
  amend(added: readonly ProcessSpec[], forgotten: readonly number[]): void {
    this.#ledger.add(added);
    for (const id of forgotten) this.#ledger.forget(id);
    this.#post({ type: 'amend' });
  }

  /** Says something to one incarnation, if it still lives there when it comes. */
  tell(id: number, incarnation: number, notice: AgentNotice): void {
    this.#notices.add({ id, incarnation, notice });
    this.#post({ type: 'tell' });
  }

  /** A feeder may start again after this incarnation. */
  clear(id: number, incarnation: number): void {
    this.#ledger.clear(id, incarnation);
    this.#numbers.generation++;
    this.#post({ type: 'want' });
  }

  /**
   * Says goodbye: the agent ends, with all that still runs there. Resolves when it has, and its last log records have come,
   * but within 5 s. What becomes of processes is not told any more.
   */
  async close(): Promise<void> {
    this.#post({ type: 'close' });
    this.#inbox.confirm();
    await this.#done.promise;
    this.#alarm.cancel();
    this.#inbox.close();
  }

  #post(event: HostEvent): void {
    this.#mailbox.push(event);
    if (!this.#draining) this.#drain();
  }

  #drain(): void {
    this.#draining = true;
    for (let event = this.#mailbox.shift(); event !== undefined; event = this.#mailbox.shift()) {
      const { clock, random } = this.#options;
      const [record, effects] = decideHost(this.#record, event, { now: clock.monotonicMs(), random });
      this.#record = record;
      for (const effect of effects) this.#carryOut(effect);
    }
    this.#draining = false;
    this.#alarm.set(hostDeadline(this.#record));
  }

  #carryOut(effect: HostEffect): void {
    switch (effect.type) {
      case 'connect':
        return void this.#connect();
      case 'drop':
        return this.#drop();
      case 'done':
        return this.#done.resolve();
      case 'send':
        return this.#say(effect);
      case 'enter':
        return this.#enter(effect.what);
      case 'give-up':
        return this.#giveUp();
      case 'log':
        return this.#log(effect.level, effect.message);
    }
  }

  #giveUp(): void {
    const names = this.#ledger.giveUp().map(({ origin }) => origin.display);
    if (names.length === 0) return;
    const why = `version ${this.#version} of the package there takes no changes while it runs: upgrade it`;
    this.#log('error', `Not started: ${names.join(', ')}: ${why}`);
  }

  #log(level: LogLevel, message: string): void {
    this.#options.listener.onLog(undefined, level, message, undefined);
  }

  #say(effect: Extract<HostEffect, { type: 'send' }>): void {
    if (effect.what === 'echo') return this.#send({ type: 'echo', at: effect.at });
    if (effect.what !== 'tell') return this.#send(this.#message(effect.what));
    for (const notice of this.#notices.take()) this.#send(notice);
  }

  #enter(what: 'cut' | 'lost' | 'back'): void {
    if (what !== 'lost') this.#options.listener.onReachable(what === 'back');
    this.#ledger[what]();
  }

  async #connect(): Promise<void> {
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    try {
      const link = await this.#options.connect(signal);
      if (signal.aborted) link.close();
      else this.#use(link);
    } catch (error) {
      const reason = error instanceof Error ? error.message : messageText(error);
      if (!signal.aborted) this.#post({ type: 'failed', reason });
    }
  }

  #use(link: AgentLink): void {
    this.#link = link;
    link.listen({
      message: (message) => this.#link === link && this.#onMessage(message),
      // Nothing that a master says can wait, or is much.
      drained: () => {},
      closed: (reason) => this.#link === link && this.#post({ type: 'closed', reason }),
    });
    this.#post({ type: 'linked' });
  }

  #drop(): void {
    this.#attempt.abort();
    this.#link?.close();
    this.#link = undefined;
  }

  #send(message: MasterMessage): void {
    this.#link?.send(message);
  }

  #message(what: 'hello' | 'confirm' | 'run' | 'want' | 'bye'): MasterMessage {
    switch (what) {
      case 'hello':
        return this.#hello();
      case 'confirm':
        this.#notices.open(this.#record.tenant!.agent);
        return { type: 'confirm', sequence: this.#inbox.open(this.#record.tenant!.agent) };
      case 'run':
        return this.#run();
      case 'want':
        return this.#want();
      case 'bye':
        return { type: 'bye' };
    }
  }

  #run(): MasterMessage {
    const { limits, queueKeyOf, hostEvents } = this.#options;
    const message = runMessage(this.#ledger.specs, limits, queueKeyOf);
    this.#ledger.told();
    return hostEvents === true ? { ...message, hostEvents } : message;
  }

  #want(): MasterMessage {
    const { wanted, cleared, again } = this.#ledger;
    return {
      type: 'want',
      generation: this.#numbers.generation,
      wanted,
      ...(isFilled(cleared) && { cleared }),
      ...(isFilled(again) && { again }),
    };
  }

  #hello(): MasterMessage {
    const { fleet, target, epoch, leaseMs, version } = this.#options;
    const protocol = AGENT_PROTOCOL;
    return { type: 'hello', protocol, fleet, target, epoch, leaseMs, version, capabilities: CAPABILITIES };
  }

  #onMessage(value: unknown): void {
    const message = parseAgentMessage(value);
    if (message === undefined) return this.#ignore(value);
    this.#post({ type: 'heard' });
    this.#react(message);
  }

  #react(message: AgentMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#onHello(message);
      case 'refused':
        return this.#post(message);
      case 'lease':
        return this.#post(message);
      case 'record':
        return this.#onRecord(message);
      case 'demand':
        return this.#onDemand(message);
      case 'heard':
        return this.#notices.confirm(message.sequence);
      case 'summary':
        return this.#onSummary(message);
    }
  }

  #onHello(hello: AgentHello): void {
    const problem = problemOf(hello, this.#options, this.#ledger.queueGroup);
    if (problem !== undefined) return this.#post({ type: 'failed', reason: problem });
    this.#version = hello.version;
    this.#post({ ...hello, amends: hello.capabilities.includes('amend') });
    this.#compareBuild(hello);
  }

  /** Each other build is told once. */
  #compareBuild({ build }: AgentHello): void {
    const difference = build === this.#toldBuild ? undefined : compareBuilds(this.#options.build ?? '', build);
    this.#toldBuild = build;
    if (difference !== undefined) this.#log('warn', difference);
  }

  #onDemand({ id, incarnation, demand }: DemandOfFeeder): void {
    if (this.#record.phase !== 'connected' || !this.#ledger.has(id)) return;
    this.#options.listener.onQueue(id, incarnation, demand);
  }

  /** Before its hello was accepted an agent has nothing to tell. */
  #onRecord({ sequence, record }: RecordMessage): void {
    const { phase } = this.#record;
    if ((phase !== 'connected' && phase !== 'leaving') || !this.#inbox.take(sequence, sizeOf(record))) return;
    this.#tell(record);
    if (phase === 'leaving') this.#inbox.confirm();
  }

  #tell(record: AgentRecord): void {
    const { listener } = this.#options;
    switch (record.type) {
      case 'change':
        return this.#record.phase === 'connected' ? this.#ledger.hear(record.change, record.generation) : undefined;
      case 'queue':
        return this.#record.phase === 'connected' && this.#ledger.has(record.id)
          ? listener.onQueue(record.id, record.incarnation, record.message)
          : undefined;
      case 'lines':
        return this.#knows(record.id) ? listener.onLines(record.id, record.level, record.lines) : undefined;
      case 'log':
        return this.#knows(record.id)
          ? listener.onLog(record.id, record.level, record.message, record.context)
          : undefined;
    }
  }

  #knows(id: number | undefined): boolean {
    return id === undefined || id === LISTENER_ID || this.#ledger.has(id);
  }

  #onSummary(summary: Extract<AgentMessage, { type: 'summary' }>): void {
    const { seen, measured = [], load, processors, freeMemory, rss } = summary;
    const known = seen.filter(([id]) => this.#ledger.has(id));
    const processes = known.map(([id, ageMs, mb]) => (mb === undefined ? { id, ageMs } : { id, ageMs, rss: mb }));
    const measures = measured
      .filter(([id]) => this.#ledger.has(id))
      .map(([id, incarnation, measure]) => ({ id, incarnation, measure }));
    this.#options.listener.onSummary({ load, processors, freeMemory, rss, seen: processes, measured: measures });
  }

  #ignore(value: unknown): void {
    if (++this.#ignored > MOST_IGNORED) return;
    this.#log('warn', `Ignored a message that is none of ours: ${excerpt(value)}`);
  }
}

function isFilled(list: object): boolean {
  return Object.keys(list).length > 0;
}

function excerpt(value: unknown): string {
  try {
    return (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).slice(0, EXCERPT);
  } catch {
    // It can be read however deep it is, but not written again.
    return 'something nested too deeply';
  }
}

function sizeOf(record: AgentRecord): number {
  if (record.type === 'change' || record.type === 'queue') return 1;
  return record.type === 'lines' ? record.lines.length : record.message.length;
}
