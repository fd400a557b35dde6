import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.js';
import { ListenerKeeper, type ListenerProgram, type ListenerProgramEvents } from './listener-keeper.js';
import type { ListenerMessage } from './listener-message.js';

class FakeProgram implements ListenerProgram {
  readonly calls: string[] = [];

  constructor(readonly events: ListenerProgramEvents) {}

  send(message: ListenerMessage): boolean {
    this.calls.push('name' in message ? message.name : message.type);
    return true;
  }

  closeChannel(): void {
    this.calls.push('close');
  }

  terminate(): void {
    this.calls.push('terminate');
  }

  kill(): void {
    this.calls.push('kill');
  }
}

let clock: ManualClock;
let programs: FakeProgram[];
let lives: number[];
let logged: string[];
let refusal: Error | undefined;
let keeper: ListenerKeeper;

function create(): ListenerKeeper {
  return new ListenerKeeper({
    clock,
    introduce: () => ({ type: 'known', groups: [], processes: [] }),
    log: (level, message) => logged.push(`${level} ${message}`),
    start: (life, events) => {
      lives.push(life);
      if (refusal !== undefined) throw refusal;
      programs.push(new FakeProgram(events));
      return programs.at(-1)!;
    },
  });
}

const latest = (): FakeProgram => programs.at(-1)!;

async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => (over = true));
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return over;
}

beforeEach(() => {
  clock = new ManualClock();
  [programs, lives, logged, refusal] = [[], [], [], undefined];
  keeper = create();
});

describe('a listener that dies', () => {
  it('is followed by another, later and later, to a minute', () => {
    const delays: number[] = [];
    for (let death = 0; death < 8; death++) {
      latest().events.ended('was ended by SIGKILL');
      const before = clock.monotonicMs();
      const count = programs.length;
      while (programs.length === count) clock.advance(1000);
      delays.push((clock.monotonicMs() - before) / 1000);
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(lives).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(logged[0]).toBe('warn The listener was ended by SIGKILL, starting another in 1 s');
    expect(logged).toHaveLength(8);
  });

  it('after a minute is no failure in a row', () => {
    latest().events.ended('was ended by itself (1)');
    clock.advance(61_000);
    latest().events.ended('was ended by itself (1)');
    expect(logged.at(-1)).toMatch(/in 1 s$/);
  });

  it('loses what is said meanwhile, and its successor is told what there is', () => {
    latest().events.ready();
    latest().events.ended('was ended by SIGKILL');
    keeper.send({ type: 'master', name: 'master_started' });
    clock.advance(1000);
    keeper.send({ type: 'master', name: 'master_running' });
    latest().events.ready();
    expect(latest().calls).toEqual(['known', 'master_running']);
  });

  it('while the lease is over, is not started again before it is held again', () => {
    keeper.hold();
    latest().events.ended('was ended by SIGKILL');
    clock.advance(100_000);
    expect(programs).toHaveLength(1);
    expect(logged).toEqual([]);
    keeper.release();
    expect(programs).toHaveLength(2);
    keeper.release();
    expect(programs).toHaveLength(2);
  });
});

it('a listener that cannot be started is tried again', () => {
  refusal = new Error('no room');
  keeper = create();
  expect(logged).toEqual(['warn The listener cannot be started: no room, starting another in 1 s']);
  refusal = undefined;
  clock.advance(1000);
  expect(lives).toEqual([1, 1, 2]);
});

describe('the end of a listener', () => {
  it('comes when it was told all, and it has ended by itself', async () => {
    keeper.send({ type: 'master', name: 'master_stopped' });
    const end = keeper.end();
    latest().events.ready();
    expect(latest().calls).toEqual(['known', 'master_stopped', 'close']);
    expect(await isOver(end)).toBe(false);
    latest().events.ended('was ended by itself (0)');
    expect(await isOver(end)).toBe(true);
    expect(logged).toEqual([]);
    expect(clock.waiting).toBe(0);
    expect(keeper.end()).toBe(end);
  });

  it('is enforced: SIGTERM after 3 s, SIGKILL after 5 s, also when the lease ends meanwhile; then it is given up', async () => {
    const end = keeper.end();
    keeper.hold();
    clock.advance(3000);
    expect(latest().calls).toEqual(['terminate']);
    clock.advance(2000);
    expect(latest().calls).toEqual(['terminate', 'kill']);
    expect(await isOver(end)).toBe(false);
    clock.advance(1000);
    expect(await isOver(end)).toBe(true);
  });

  it('between two lives starts none', async () => {
    latest().events.ended('was ended by SIGKILL');
    expect(await isOver(keeper.end())).toBe(true);
    clock.advance(100_000);
    keeper.release();
    expect(programs).toHaveLength(1);
  });
});
