import type { LauncherMessage } from '../channel/launcher-message.js';
import type { QueueLauncherMessage, QueueSlaveMessage } from '../channel/queue-message.js';
import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import type { HostedProcess, ProcessListener } from '../process/process-host.js';
import type { Behaviour, End } from './behaviour.js';
import { memberOf } from './member-of.js';
import type { SimMember } from './sim-member.js';
import type { Incarnation } from './sim-run.js';
import { Inlet } from './inlet.js';
import type { RunFolder } from './run-directory.js';
import type { SimProcess } from './machine.js';
import type { World } from './world.js';

const MB = 1_048_576;
const BASE_MB = 50;

/**
 * One incarnation on a simulated machine, by the rules of the run directory: it registers before it executes its
 * program, and does not execute when the run is closed.
 */
export class Program implements HostedProcess {
  readonly #leader: SimProcess;
  readonly #inlet: Inlet;
  #executedAt = 0;
  #booted = false;
  #silent = false;
  #ending = false;
  #inbox: LauncherMessage[] = [];
  #leaseTimers: (() => void)[] = [];
  readonly #member: SimMember | undefined;

  constructor(
    private readonly world: World,
    private readonly incarnation: Incarnation,
    private readonly folder: RunFolder,
    private readonly behaviour: Behaviour,
    private readonly listener: ProcessListener,
    private readonly act: (what: string, action: () => void) => void,
  ) {
    const { launcher, machine } = incarnation.tenancy;
    this.#leader = machine.spawn(incarnation.name);
    incarnation.members.push(this.#leader);
    incarnation.hosted = this;
    this.#inlet = new Inlet(world, launcher);
    this.#member = memberOf({
      world,
      incarnation,
      leader: this.#leader,
      say: (message) => this.#sayToQueue(message),
      end: () => this.#end({ afterMs: 0, code: 0, says: true }),
    });
    this.#inlet.receive(() => this.#onSpawned());
    this.#leader.onDeath((code, signal) => this.#onDeath(code, signal));
    launcher.onDeath(() => this.#leader.after(world.latencyMs(), () => this.#orphaned(), 'input'));
    this.#leader.after(behaviour.registerMs, () => this.#register());
  }

  send(message: LauncherMessage): void {
    this.act(`sends ${message.type} to ${this.incarnation.name}`, () => {
      if (message.type === 'stop') this.#asked();
      if (isForQueue(message) && !this.#tell(message)) return;
      this.#leader.after(this.world.latencyMs(), () => this.#receive(message), 'input');
    });
  }

  terminate(): void {
    this.act(`terminates ${this.incarnation.name}`, () => {
      this.#asked();
      for (const each of this.incarnation.members) if (each.alive) each.terminate();
    });
  }

  kill(): void {
    this.act(`kills ${this.incarnation.name}`, () => {
      this.incarnation.killedAt ??= this.world.now;
      this.#killGroup();
    });
  }

  pauseReading(): void {
    this.#inlet.pause();
  }

  resumeReading(): void {
    this.#inlet.resume();
  }

  residentBytes(): number | undefined {
    if (!this.#leader.alive) return undefined;
    const seconds = this.incarnation.executed ? (this.world.now - this.#executedAt) / 1000 : 0;
    return (BASE_MB + seconds * this.behaviour.growthMbPerSecond) * MB;
  }

  #asked(): void {
    this.incarnation.stopAskedAt ??= this.world.now;
    this.world.judge.asked(this.incarnation);
    if (this.world.has('stop-order-off') && this.incarnation.isConsumer) this.#askFeeder();
  }

  #askFeeder(): void {
    const feeder = this.incarnation.run.living.find((each) => each.isFeeder && each.isWith(this.incarnation));
    feeder?.hosted?.send({ type: 'stop' });
  }

  /** @returns false when it is lost */
  #tell(message: QueueLauncherMessage): boolean {
    if (this.world.loses('notices-lost')) return false;
    this.world.judge.told(this.incarnation, message);
    return true;
  }

  #killGroup(): void {
    for (const each of this.incarnation.members) each.kill();
  }

  // What the launcher hears.

  #onSpawned(): void {
    if (this.incarnation.spec.config.console === false) this.#heardReady();
    this.listener.spawned(this.#leader.pid);
  }

  #heardReady(): void {
    this.incarnation.readyHeardAt ??= this.world.now;
    this.incarnation.heard(this.world.now);
  }

  #onDeath(code: number | null, signal: NodeJS.Signals | null): void {
    this.world.note(() => `${this.incarnation.name} is dead: ${code ?? signal}`);
    this.#inlet.receive(() => this.#reap());
    if (!this.world.loses('exits-lost')) this.#inlet.output(() => this.#report(code, signal));
  }

  /** What it leaves in its group ends with it. */
  #reap(): void {
    this.#killGroup();
    this.folder.journal.delete(this.incarnation.name);
  }

  #report(code: number | null, signal: NodeJS.Signals | null): void {
    this.incarnation.exitHeardAt = this.world.now;
    this.incarnation.code = code;
    this.world.unsettled = true;
    this.listener.exited(code, signal);
  }

  // What the program does.

  #register(): void {
    if (!this.folder.exists) return this.#leader.exit(1);
    if (!this.world.has('journal-off')) this.#writeJournal();
    this.#leader.after(this.behaviour.execMs, () => this.#execute());
  }

  #writeJournal(): void {
    const { config } = this.incarnation.spec;
    this.folder.journal.set(this.incarnation.name, {
      pid: this.#leader.pid,
      born: this.#leader.born,
      isProgram: config.console === false,
      stopTimeoutMs: config.stopTimeout * 1000,
    });
  }

  #execute(): void {
    const closed = this.folder.closed || !this.folder.exists;
    if (closed && !this.world.has('closed-flag-off')) return this.#leader.exit(1);
    this.incarnation.executed = true;
    this.#executedAt = this.world.now;
    const { machine, group } = this.#leader;
    for (let count = 0; count < this.behaviour.helpers; count++) {
      this.incarnation.members.push(machine.spawn(`${this.incarnation.name} helper`, group));
    }
    this.#leader.onTerminate = () => this.#terminated();
    this.world.judge.executed(this.incarnation);
    if (this.behaviour.bootMs !== Infinity) this.#leader.after(this.behaviour.bootMs, () => this.#boot());
  }

  #boot(): void {
    const { diesAtBoot, diesInReady } = this.behaviour;
    if (diesAtBoot !== undefined) return this.#leader.exit(diesAtBoot);
    const { params } = this.incarnation.spec.config;
    const adopts = this.incarnation.isFeeder ? { adopts: params.adopts || this.world.has('adoption-pretended') } : {};
    this.#say({ type: 'ready', protocol: CHANNEL_PROTOCOL, ...adopts }, () => this.#heardReady());
    if (diesInReady !== undefined) return this.#leader.exit(diesInReady);
    this.#booted = true;
    for (const message of this.#inbox) this.#receive(message);
    if (!this.#leader.machine.find(this.#leader.pid)) return;
    this.#live();
  }

  #live(): void {
    const { silentAfterMs, freezeAfterMs, lifeMs, end, speakMs } = this.behaviour;
    const { timeout } = this.incarnation.spec.config;
    this.#member?.begin();
    if (this.incarnation.spec.config.console !== false)
      this.#every(Math.min(5000, (timeout || 15) * 333), () => this.#ping());
    if (speakMs !== Infinity) this.#every(speakMs, () => this.#speak());
    if (silentAfterMs !== Infinity) this.#leader.after(silentAfterMs, () => (this.#silent = true));
    if (lifeMs !== Infinity) this.#leader.after(lifeMs, () => this.#end(end));
    if (freezeAfterMs !== Infinity) this.#leader.after(freezeAfterMs, () => this.#freeze());
  }

  #every(ms: number, action: () => void): void {
    this.#leader.after(ms, () => {
      if (this.#silent) return;
      action();
      this.#every(ms, action);
    });
  }

  #ping(): void {
    this.#say({ type: 'ping' });
  }

  #speak(): void {
    const line = `${this.incarnation.serial}#${this.incarnation.said++}\n`;
    if (this.world.loses('lines-lost')) return;
    this.#inlet.output(() => {
      this.incarnation.heard(this.world.now);
      this.listener.said('log', line);
    });
  }

  #say(message: unknown, heard = (): void => {}): void {
    if (this.incarnation.spec.config.console === false) return;
    this.#inlet.receive(() => {
      this.incarnation.heard(this.world.now);
      heard();
      this.listener.received(message);
    });
  }

  #sayToQueue(message: QueueSlaveMessage): void {
    if (this.#silent || this.#ending) return;
    this.world.note(() => `${this.incarnation.name} says ${JSON.stringify(message)}`);
    const heard = (): void => this.world.judge.said(this.incarnation, message);
    if (message.type === 'kill-request' && this.world.has('kill-requests-lost')) this.#say({ type: 'ping' }, heard);
    else this.#say(this.#forged(message), heard);
  }

  /** Sabotaged, another one than its feeder has chosen is to leave. */
  #forged(message: QueueSlaveMessage): QueueSlaveMessage {
    if (message.type !== 'leaving' || !this.world.has('leaving-forged')) return message;
    const { run } = this.incarnation;
    const other = run.living.find((each) => each.isConsumer && each.isWith(this.incarnation) && !each.leaving);
    return other === undefined ? message : { ...message, id: other.spec.id, incarnation: other.number };
  }

  #receive(message: LauncherMessage): void {
    if (!this.#booted) this.#inbox.push(message);
    else if (message.type === 'stop' && !this.#silent) this.#end(this.behaviour.stopping);
    else if (message.type === 'lease') this.#renewLease(message.seconds * 1000);
    else if (isForQueue(message) && !this.#silent) this.#member?.hear(message);
  }

  /** It hears no more of its launcher: at half the lease it stops, at its end it ends with its group. */
  #renewLease(leaseMs: number): void {
    for (const cancel of this.#leaseTimers) cancel();
    const realMs = leaseMs / this.#leader.machine.rate;
    this.#leaseTimers = [
      this.#leader.after(realMs / 2, () => this.#silent || this.#end(this.behaviour.stopping)),
      this.#leader.after(realMs, () => this.#silent || this.#killGroup()),
    ];
  }

  /** A slave that has lost its launcher ends with its process group. */
  #orphaned(): void {
    const { orphaned } = this.behaviour;
    if (!this.incarnation.executed || this.#silent || orphaned === undefined) return;
    this.#leader.after(orphaned.afterMs, () => this.#killGroup());
  }

  #terminated(): void {
    this.#end(this.behaviour.terminated);
  }

  #end(end: End | undefined): void {
    if (end === undefined || this.#ending) return;
    this.#ending = true;
    if (end.says) this.#say({ type: 'ended', code: end.code }, () => (this.incarnation.endedHeardAt = this.world.now));
    this.#leader.after(end.afterMs, () => (end.signal ? this.#leader.kill(end.signal) : this.#leader.exit(end.code)));
  }

  #freeze(): void {
    this.#leader.stop();
    const { freezeMs } = this.behaviour;
    if (freezeMs !== Infinity) this.world.timeline.after(freezeMs, () => this.#leader.continue());
  }
}

function isForQueue(message: LauncherMessage): message is QueueLauncherMessage {
  return ['feeder-ready', 'feeder-gone', 'consumer-gone', 'let-go'].includes(message.type);
}
