/*
 * Who an agent listens to. It serves one run of one fleet at a time; a run belongs to the master that has its epoch.
 *
 *   | state            | event                          | what is done                                                   |
 *   | ---------------- | ------------------------------ | -------------------------------------------------------------- |
 *   | any              | hello with an unknown major    | refused (`protocol`)                                           |
 *   | any              | hello of another fleet         | refused (`fleet`)                                              |
 *   | any              | hello with a lower epoch than ever heard | refused (`epoch`)                                    |
 *   | any              | a hello that is none of these  | it waits; the one that waited before is dropped                |
 *   | any              | it has waited for 5 s          | refused (`busy`)                                               |
 *   | empty            | one waits                      | opening: what an earlier agent left on the host ends           |
 *   | opening          | the host is open               | running                                                        |
 *   | opening          | the host cannot be opened      | empty; refused (`failed`)                                      |
 *   | running          | one waits, same epoch          | hello; its link takes the place of the one before. When fenced or leaving: not before all is over |
 *   | running          | one waits, higher epoch        | the link before is closed, all is stopped                      |
 *   | running          | told to end, and all is over   | closing: the host is given back                                |
 *   | any              | the agent itself is to end     | the run is told to end; whoever waits is refused (`busy`)      |
 *   | running          | no link can come, and all is over | closing                                                     |
 *   | closing          | the host is given back         | empty; when the master said bye, or no link can come: idle     |
 *   | empty; running without lease and processes | no hello for another lease | idle                                     |
 */
import type { AgentLink } from '../agent-channel/agent-link.js';
import type { AgentIdentity, RefusalReason, RefusedMessage } from '../agent-channel/agent-message.js';
import { parseMasterMessage, type MasterHello } from '../agent-channel/master-message.js';
import { SPOKEN_MAJORS } from '../agent-channel/protocol.js';
import type { Clock } from '../clock/clock.js';
import { messageText } from '../logger/log-text.js';
import type { AgentEngineFactory } from './agent-engine.js';
import { AgentRun, type AgentLoad } from './agent-run.js';

/** How long an agent waits for its first master. */
const FIRST_HELLO_MS = 30_000;

/** How long a master waits for an answer, before it is told why there is none. */
const LONGEST_WAIT_MS = 5000;

export interface AgentSessionOptions {
  readonly identity: AgentIdentity;
  readonly createEngine: AgentEngineFactory;
  readonly clock: Clock;
  /** Random text, another each time. */
  readonly createId: () => string;
  readonly measure: () => AgentLoad;
  /** The agent has nothing to do any more. Called once. */
  readonly onIdle: () => void;
}

const ENDING = 'The agent ends';
const BUSY = 'Processes of an earlier run are still being stopped';

type SessionState = 'empty' | 'opening' | 'running' | 'closing' | 'idle';

/** A link that has said hello and waits for its answer. */
interface Caller {
  readonly link: AgentLink;
  readonly hello: MasterHello;
}

/** An agent without its sockets and processes: links come in, an engine is driven. */
export class AgentSession {
  readonly #options: AgentSessionOptions;
  readonly #links = new Set<AgentLink>();
  #state: SessionState = 'empty';
  #run: AgentRun | undefined;
  #caller: Caller | undefined;
  #fleet: string | undefined;
  /** The highest that was heard. */
  #epoch = 0;
  #patienceMs = FIRST_HELLO_MS;
  #lastLinkCame = false;
  #leaving = false;
  #cancelWait = (): void => {};
  #cancelIdle: (() => void) | undefined;

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.#look();
  }

  /** A new link; it counts when it has said hello. */
  accept(link: AgentLink): void {
    if (this.#state === 'idle') return link.close();
    this.#links.add(link);
    link.listen({
      message: (message) => this.#onMessage(link, message),
      drained: () => this.#runOf(link)?.drained(),
      closed: () => this.#onClosed(link),
    });
  }

  /** After this no link comes any more: without one, an agent with nothing to run has no reason to live. */
  noMoreLinks(): void {
    this.#lastLinkCame = true;
    this.#look();
  }

  /** Stops everything, and ends when nothing runs and the master knows. */
  leave(): void {
    this.#leaving = true;
    this.#look();
  }

  /** What is no message of ours is ignored: it may be from a later minor version. */
  #onMessage(link: AgentLink, value: unknown): void {
    const message = parseMasterMessage(value);
    if (message === undefined || !this.#links.has(link)) return;
    if (message.type !== 'hello') return this.#runOf(link)?.receive(message);
    // A link says hello once.
    if (this.#runOf(link) === undefined) this.#onHello({ link, hello: message });
  }

  #runOf(link: AgentLink): AgentRun | undefined {
    return this.#run?.link === link ? this.#run : undefined;
  }

  #onClosed(link: AgentLink): void {
    this.#links.delete(link);
    if (this.#caller?.link === link) this.#takeCaller();
    this.#runOf(link)?.detach();
    this.#look();
  }

  #onHello(caller: Caller): void {
    const { link, hello } = caller;
    const refusal = this.#refusalOf(hello);
    if (refusal !== undefined) return this.#refuse(link, ...refusal);
    this.#fleet = hello.fleet;
    this.#epoch = hello.epoch;
    this.#patienceMs = hello.leaseMs;
    const before = this.#takeCaller();
    if (before !== undefined && before.link !== link) this.#drop(before.link);
    this.#caller = caller;
    this.#cancelWait = this.#options.clock.setTimer(LONGEST_WAIT_MS, () => this.#refuse(link, 'busy', BUSY));
    this.#look();
  }

  #refusalOf({ protocol, fleet, epoch }: MasterHello): readonly [RefusalReason, string] | undefined {
    if (!SPOKEN_MAJORS.includes(protocol.major)) {
      return ['protocol', `Speaks version ${SPOKEN_MAJORS.join(' and ')} of the protocol, not ${protocol.major}`];
    }
    if (this.#fleet !== undefined && fleet !== this.#fleet) return ['fleet', `Belongs to the fleet ${this.#fleet}`];
    return epoch < this.#epoch ? ['epoch', 'A later run of the fleet has taken over'] : undefined;
  }

  /** Looks what can be done next. */
  #look(): void {
    if (this.#leaving) this.#refuseCaller('busy', ENDING);
    const caller = this.#caller;
    if (this.#state === 'running') this.#lookAtRun(this.#run!, caller);
    else if (this.#state === 'empty' && caller !== undefined) void this.#open(caller.hello);
    else if (this.#state === 'empty' && (this.#alone || this.#leaving)) this.#end();
    this.#watchIdle();
  }

  #lookAtRun(run: AgentRun, caller: Caller | undefined): void {
    if (this.#leaving && !run.left) return run.leave();
    if (run.finished || (this.#alone && run.allOver)) return void this.#close(run);
    if (caller === undefined) return;
    if (caller.hello.epoch > run.epoch || run.left) return this.#endRun(run);
    if (run.welcomes) run.attach(this.#takeCaller()!.link, caller.hello);
  }

  /** The next run begins when all of this one has ended: nobody waits for what it has to tell. */
  #endRun(run: AgentRun): void {
    run.detach();
    if (!run.left) run.leave();
    else if (run.finished) void this.#close(run);
  }

  get #alone(): boolean {
    return this.#lastLinkCame && this.#links.size === 0;
  }

  async #open({ fleet, epoch }: MasterHello): Promise<void> {
    this.#state = 'opening';
    try {
      const run = this.#createRun(fleet, epoch);
      await run.open();
      this.#run = run;
      this.#state = 'running';
    } catch (error) {
      this.#state = 'empty';
      this.#refuseCaller('failed', error instanceof Error ? error.message : messageText(error));
    }
    this.#look();
  }

  #createRun(fleet: string, epoch: number): AgentRun {
    const id = this.#options.createId();
    const drop = (link: AgentLink): void => this.#drop(link);
    return new AgentRun({ ...this.#options, fleet, epoch, id, drop, onRest: () => this.#look() });
  }

  async #close(run: AgentRun): Promise<void> {
    this.#state = 'closing';
    // Nothing runs any more: a folder that could not be removed keeps nobody.
    await run.close().catch(() => {});
    this.#run = undefined;
    this.#state = 'empty';
    const saidBye = run.left && run.epoch === this.#epoch;
    if (this.#caller === undefined && (saidBye || !run.left)) this.#end();
    else this.#look();
  }

  #end(): void {
    this.#state = 'idle';
    for (const link of this.#links) this.#drop(link);
    this.#watchIdle();
    this.#options.onIdle();
  }

  /** Nobody has use for an agent without lease and processes that no master calls. */
  #watchIdle(): void {
    const idle = this.#caller === undefined && (this.#state === 'empty' || this.#dormant);
    if (idle) {
      this.#cancelIdle ??= this.#options.clock.setTimer(this.#patienceMs, () => this.#onIdle());
      return;
    }
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
  }

  get #dormant(): boolean {
    return this.#state === 'running' && this.#run!.dormant;
  }

  #onIdle(): void {
    if (this.#run === undefined) this.#end();
    else void this.#close(this.#run);
  }

  #takeCaller(): Caller | undefined {
    const caller = this.#caller;
    this.#caller = undefined;
    this.#cancelWait();
    return caller;
  }

  #refuseCaller(reason: RefusalReason, message: string): void {
    const caller = this.#takeCaller();
    if (caller !== undefined) this.#refuse(caller.link, reason, message);
  }

  #refuse(link: AgentLink, reason: RefusalReason, message: string): void {
    if (this.#caller?.link === link) this.#takeCaller();
    link.send({ type: 'refused', reason, message } satisfies RefusedMessage);
    this.#runOf(link)?.detach();
    this.#drop(link);
    this.#look();
  }

  #drop(link: AgentLink): void {
    if (this.#links.delete(link)) link.close();
  }
}
