import { describe, expect, it } from 'vitest';
import { EventQueue } from './event-queue.js';
import type { ListenerMessage } from './listener-message.js';

const LIFE = { state: 'running', incarnation: 1 } as const;
const event = (id: number, line = ''): ListenerMessage => ({
  ...{ type: 'process', name: 'process_running', id, life: LIFE, line },
});

function createQueue() {
  const told: string[] = [];
  const logged: string[] = [];
  const state = { room: true, closed: false };
  const queue = new EventQueue({
    send: (message) => {
      told.push('id' in message ? String(message.id) : message.type);
      return state.room;
    },
    introduce: () => ({ type: 'known', groups: [], processes: [] }),
    closed: () => (state.closed = true),
    log: (level, message) => logged.push(`${level} ${message}`),
  });
  return { queue, told, logged, state };
}

describe('what a listener is told', () => {
  it('begins with what there is, and waits until it is there', () => {
    const { queue, told } = createQueue();
    queue.add(event(1));
    expect(told).toEqual([]);
    queue.open();
    queue.add(event(2));
    expect(told).toEqual(['known', '1', '2']);
  });

  it('waits while it does not read', () => {
    const { queue, told, state } = createQueue();
    state.room = false;
    queue.open();
    queue.add(event(1));
    expect(told).toEqual(['known']);
    queue.drained();
    expect(told).toEqual(['known', '1']);
  });

  it.each([
    ['of messages', 10_000 - 1, ''],
    ['of long lines', 64, 'x'.repeat(65_536)],
  ])('beyond its bound %s is dropped, told once, and what there is is told again', (_what, most, line) => {
    const { queue, told, logged, state } = createQueue();
    for (let id = 1; id <= most + 3; id++) queue.add(event(id, line));
    expect(logged).toEqual(['warn The listener reads too slowly: events are dropped']);
    state.room = false;
    queue.open();
    queue.add(event(99_999));
    state.room = true;
    queue.drained();
    expect(told.slice(-2)).toEqual([String(most), 'known']);
    expect(told).toHaveLength(most + 2);
    expect(logged.slice(1)).toEqual(['log The listener reads again: 4 events were dropped']);
    queue.add(event(7));
    expect(told.at(-1)).toBe('7');
  });

  it('ends when nothing waits any more', () => {
    const { queue, told, state } = createQueue();
    queue.add(event(1));
    queue.close();
    queue.add(event(2));
    expect(state.closed).toBe(false);
    queue.open();
    expect(told).toEqual(['known', '1']);
    expect(state.closed).toBe(true);
  });
});
