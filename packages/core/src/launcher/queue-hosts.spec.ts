import { describe, expect, it } from 'vitest';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import type { ProcessChange } from '../process/process-change.js';
import { consumerGone, deeds, gone, queueGroup, QueueFleet, ready } from './queue-fleet.spec.helper.js';

const LOST = { code: null, signal: null, reason: 'lost', forced: false } as const;
const KILLED = { code: null, signal: 'SIGKILL', reason: 'ended', forced: false } as const;

/** Feeder 1 on `far` or here, then a consumer here, then one on `far`. */
function layout(feeder: 'far' | 'here', options: Partial<QueueGroupOptions> = {}): QueueGroupOptions {
  const address = { host: 'master', port: 9999 };
  const hosts = ['far'];
  return queueGroup({
    ...(feeder === 'far' && { remoteFeeder: { hosts, port: 9999 } }),
    consumers: {
      local: { instancesCount: 1, ...address },
      remote: [{ instancesCount: 1, hosts, ...address }],
    },
    ...options,
  });
}

class HostFleet extends QueueFleet {
  report(id: number, change: Partial<ProcessChange>): string[] {
    const { incarnation } = this.state.processes.get(id)!;
    return deeds(this.to(id, { type: 'reported', change: { id, state: 'running', incarnation, ...change } }));
  }

  begins(id: number, incarnation = 1): string[] {
    return this.report(id, { state: 'starting', pid: 100 + id, incarnation, published: 'process_started' });
  }

  isUp(id: number, adopts = false): string[] {
    return this.report(id, { pid: 100 + id, ...(adopts && { adopts }) });
  }

  ends(id: number, state: ProcessChange['state'] = 'backoff', exit: ProcessChange['exit'] = KILLED): string[] {
    return this.report(id, { state, published: 'process_stopped', exit });
  }

  isCut(...ids: number[]): void {
    for (const id of ids) this.report(id, { state: 'unreachable', pid: 100 + id });
  }

  static remote(adopts = false, options: Partial<QueueGroupOptions> = {}): HostFleet {
    const fleet = new HostFleet(layout('far', options));
    fleet.apply({ type: 'run' });
    fleet.begins(1);
    fleet.isUp(1, adopts);
    fleet.boot(2);
    fleet.begins(3);
    fleet.isUp(3);
    return fleet;
  }
}

const AT_PORT = '"address":{"host":"master","port":9999}';
const readyAtPort = (incarnation: number, to: number): string =>
  `{"type":"feeder-ready","feeder":1,"incarnation":${incarnation},${AT_PORT}} to ${to}`;

describe('a feeder on another host', () => {
  it('is found by its socket there, at its port from here', () => {
    const fleet = new HostFleet(layout('far'));
    fleet.apply({ type: 'run' });
    fleet.boot(2);
    fleet.begins(3);
    fleet.begins(1);
    expect(fleet.isUp(1)).toEqual([readyAtPort(1, 2), ready(1, 3)]);
  });

  it('tells each consumer once, however often it is out of reach', () => {
    const fleet = HostFleet.remote();
    fleet.isCut(1, 3);
    expect([fleet.isUp(1), fleet.isUp(3)]).toEqual([[], []]);
  });

  it('that has ended is cleared when all its consumers have drained', () => {
    const fleet = HostFleet.remote();
    expect(fleet.ends(1)).toEqual([gone(1, 2), gone(1, 3)]);
    expect(fleet.say(2, { type: 'drained', feeder: 1 })).toEqual([]);
    expect(fleet.say(3, { type: 'drained', feeder: 1 })).toEqual(['clear 1']);
  });

  it('that was not ready is cleared at once, and so is one that adopts', () => {
    const fleet = new HostFleet(layout('far'));
    fleet.apply({ type: 'run' });
    fleet.begins(1);
    const change = {
      type: 'reported',
      change: { id: 1, incarnation: 1, state: 'backoff', published: 'process_stopped', exit: KILLED },
    } as const;
    expect(fleet.to(1, change)).toContain('clear 1');
    const adopting = HostFleet.remote(true);
    expect(adopting.to(1, change).filter((each) => !each.startsWith('process_'))).toEqual(['clear 1']);
  });

  it('that is unreachable is not gone; lost at the fence it is', () => {
    const fleet = HostFleet.remote();
    fleet.isCut(1, 3);
    expect(fleet.die(2).filter((each) => each.startsWith('{'))).toEqual([consumerGone(2, 1)]);
    fleet.wait(0);
    fleet.boot(2);
    expect(fleet.ends(1, 'unreachable', LOST)).toEqual([gone(1, 2), gone(1, 3)]);
    expect(fleet.ends(3, 'unreachable', LOST)).toEqual([]);
    expect(fleet.say(2, { type: 'drained', feeder: 1 })).toEqual(['clear 1']);
  });

  it('whose last life is heard of late is not ready again', () => {
    const fleet = HostFleet.remote();
    fleet.ends(1, 'unreachable', LOST);
    expect(fleet.isUp(1)).toEqual([]);
  });
});

describe('a consumer on another host', () => {
  it('is told of the feeder when its start is reported', () => {
    const fleet = new HostFleet(layout('here'));
    fleet.apply({ type: 'run' });
    fleet.boot(1);
    expect(fleet.begins(3)).toEqual([readyAtPort(1, 3)]);
  });

  it('that is out of reach learns of the next feeder when it is back', () => {
    const fleet = HostFleet.remote();
    fleet.isCut(3);
    fleet.ends(1);
    expect(fleet.begins(1, 2)).toEqual([]);
    expect(fleet.isUp(1)).toEqual([readyAtPort(2, 2), ready(2, 3)]);
  });

  it('is gone when its exit is reported, also when it was lost', () => {
    const fleet = HostFleet.remote();
    expect(fleet.ends(3)).toEqual([consumerGone(3, 1)]);
    fleet.begins(3, 2);
    fleet.isCut(3);
    expect(fleet.ends(3, 'unreachable', LOST)).toEqual([consumerGone(3, 2)]);
    expect(fleet.report(3, { state: 'created' })).toEqual([]);
  });

  it('that was never there is not gone', () => {
    const fleet = HostFleet.remote();
    fleet.ends(3);
    const exit = { ...KILLED, reason: 'spawn-failed' } as const;
    expect(fleet.report(3, { state: 'backoff', incarnation: 2, published: 'process_stopped', exit })).toEqual([]);
  });

  it('that the feeder wants killed is, by its agent', () => {
    const fleet = HostFleet.remote();
    const request = { type: 'kill-request', id: 3, incarnation: 1, reason: 'Item 7 hangs' } as const;
    expect(fleet.say(1, request)).toEqual(['item-timeout 3']);
  });

  it('of an earlier life says nothing that counts', () => {
    const fleet = HostFleet.remote();
    fleet.ends(1);
    const drained = { type: 'drained', feeder: 1 } as const;
    expect(fleet.apply({ type: 'queue', id: 3, incarnation: 7, message: drained })).toEqual([]);
    expect(fleet.state.queues.get('Queue')!.owing.has(3)).toBe(true);
  });
});

describe('a stop', () => {
  it('waits with the feeder for consumers everywhere, one out of reach until it is reported over', () => {
    const fleet = HostFleet.remote();
    fleet.isCut(3);
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
    expect(fleet.ends(3, 'unreachable', LOST)).toEqual([consumerGone(3, 1)]);
    expect(fleet.report(3, { state: 'stopped' })).toEqual(['ask-to-stop 1']);
    expect(fleet.ends(1, 'stopped', { ...KILLED, reason: 'stopped' })).toContain('finish 0');
  });
});
