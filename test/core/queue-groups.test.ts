import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { QueueGroupOptions, QueueSlaveMessage } from '@distributed-architecture/core';
import { Fleet, fixture, program } from '../support/fleet.js';
import { eventually } from '../support/processes.js';

const COUNTS = { waiting: 0, held: 0, consumers: 0, idle: 0, letGo: 0, waitedMs: 0, done: 0, failed: 0 };

function queueGroup(options: Partial<QueueGroupOptions> = {}): QueueGroupOptions {
  const two = { local: { instancesCount: 2 } };
  return { name: 'Queue', command: 'work', console: fixture('queue-member.mjs'), consumers: two, ...options };
}

/** Where that incarnation of the feeder listens, when it is ready. */
async function socketOf(fleet: Fleet, incarnation = 1): Promise<string> {
  const line = await fleet.says(`feeder 1.${incarnation} is up`);
  return line.slice(line.indexOf('/'));
}

/** Lets the feeder say something to its launcher. */
async function order(
  socket: string,
  what: QueueSlaveMessage | { keyOf: { id: number; incarnation: number } } | { end: 0 },
): Promise<void> {
  const link = connect(socket);
  link.end(`${JSON.stringify(what)}\n`);
  await once(link, 'close');
}

function demand(changes: Partial<typeof COUNTS & { clearMs: number }>): QueueSlaveMessage {
  return { type: 'demand', ...COUNTS, ...changes };
}

function pidOf(fleet: Fleet, id: number): number {
  return fleet.launcher.processes.find((each) => each.id === id)!.pid!;
}

const statesOf = (fleet: Fleet): string => fleet.launcher.processes.map(({ state }) => state).join();
const linesOf = (fleet: Fleet, pattern: RegExp): string[] => fleet.texts.filter((text) => pattern.test(text));

describe('a queue group', () => {
  it('has a feeder and consumers that know their roles and each other, and stops consumers first', async () => {
    const fleet = new Fleet([queueGroup({ params: { lingerMs: 200 } }), program('sleep 1000', { name: 'Other' })]);
    const socket = await socketOf(fleet);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    expect(
      linesOf(fleet, /is up as/)
        .map((line) => line.split(', ')[0])
        .toSorted(),
    ).toEqual([
      'Queue consumer 2.1 is up as consumer',
      'Queue consumer 3.1 is up as consumer',
      'Queue feeder 1.1 is up as feeder',
    ]);
    expect(fleet.launcher.processes.map(({ display }) => display).slice(0, 3)).toEqual([
      'Feeder - work/1/1',
      'Consumer - work/2/2',
      'Consumer - work/3/3',
    ]);
    expect(linesOf(fleet, /hears \{"type":"feeder-ready"/)[0]).toContain(`"address":{"path":"${socket}"}}`);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    await order(socket, { keyOf: { id: 2, incarnation: 1 } });
    const key = (await fleet.says('the key is')).slice('the key is '.length);
    expect(linesOf(fleet, /Queue consumer 2.1 is up/)[0]).toContain(key);
    await fleet.launcher.stop();
    const ends = fleet.texts.filter((text) => /has stopped|feeder .* stops$/.test(text));
    expect([ends.length, ends.at(-1)]).toEqual([3, 'Queue feeder 1.1 stops']);
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(existsSync(socket)).toBe(false);
  });

  it('whose processes say nothing for longer than their timeout is not silent: they ping by themselves', async () => {
    const fleet = new Fleet([queueGroup({ timeout: 0.5 })]);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    const begun = Date.now();
    const isSeen = ({ lastSeen }: { lastSeen: Date | undefined }): boolean => lastSeen!.getTime() > begun + 1500;
    await eventually('all were seen again and again', () => fleet.launcher.processes.every(isSeen));
    expect(fleet.events.filter((event) => event.startsWith('process_timedout'))).toEqual([]);
  });

  it('of an ended feeder ends with exit code 0', async () => {
    const fleet = new Fleet([queueGroup()]);
    const socket = await socketOf(fleet);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    await order(socket, demand({ done: 100, failed: 2 }));
    await order(socket, { end: 0 });
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(statesOf(fleet)).toBe('stopped,stopped,stopped');
    expect(fleet.launcher.queues).toMatchObject([{ group: 'Queue', done: 100, failed: 2, consumers: 0 }]);
  });
});

describe('a consumer', () => {
  it('that is killed is told to the feeder, starts again and learns of the feeder', async () => {
    const fleet = new Fleet([queueGroup()]);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    process.kill(pidOf(fleet, 2), 'SIGKILL');
    await fleet.says('Queue feeder 1.1 hears {"type":"consumer-gone","id":2,"incarnation":1}');
    await fleet.says('Queue consumer 2.2 hears {"type":"feeder-ready","incarnation":1');
    expect(statesOf(fleet)).toBe('running,running,running');
  });

  it('that the feeder wants killed is, with its reason, and starts again', async () => {
    const fleet = new Fleet([queueGroup()]);
    const socket = await socketOf(fleet);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    await order(socket, { type: 'kill-request', id: 3, incarnation: 1, reason: 'Item 7 hangs' });
    await fleet.tells('process_stopped 3.1 item-timeout');
    await fleet.says('Queue consumer 3.2 hears {"type":"feeder-ready"');
    expect(fleet.log).toContainEqual(
      expect.objectContaining({ origin: 'Consumer - work/3/3', level: 'warn', text: 'Item 7 hangs, force kill' }),
    );
  });
});

describe('a feeder that is killed', () => {
  it('starts again when its consumers have finished what they hold; its socket is gone', async () => {
    const fleet = new Fleet([queueGroup({ params: { drainMs: 1200 } })]);
    const socket = await socketOf(fleet);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    process.kill(pidOf(fleet, 1), 'SIGKILL');
    await fleet.says('hears {"type":"feeder-gone","incarnation":1}', 2);
    await fleet.says('Waits until its consumers have finished: Consumer - work/2/2, Consumer - work/3/3');
    await fleet.says('Queue feeder 1.2 is up');
    expect(linesOf(fleet, /has drained|feeder 1.2 is up/).at(-1)).toMatch(/is up/);
    expect(linesOf(fleet, /has drained/)).toHaveLength(2);
    await fleet.says('hears {"type":"feeder-ready","incarnation":2', 2);
    expect([existsSync(socket), existsSync(await socketOf(fleet, 2))]).toEqual([false, true]);
  });

  it('and adopts starts again at once, and its consumers are only told of the new one', async () => {
    const fleet = new Fleet([queueGroup({ params: { adopts: true, drainMs: 60_000 } })]);
    await fleet.says('hears {"type":"feeder-ready"', 2);
    process.kill(pidOf(fleet, 1), 'SIGKILL');
    await fleet.says('hears {"type":"feeder-ready","incarnation":2', 2);
    expect(linesOf(fleet, /feeder-gone/)).toEqual([]);
  });
});

describe('consumers on demand', () => {
  it('come while work waits and leave by the choice of the feeder, and come again', async () => {
    const local = { minInstances: 0, maxInstances: 2, maxIdleTime: 1 };
    const fleet = new Fleet([queueGroup({ targetLatency: 0.2, consumers: { local } })]);
    const socket = await socketOf(fleet);
    expect(statesOf(fleet)).toBe('running,created,created');
    await order(socket, demand({ waiting: 9 }));
    await eventually('there are two', () => {
      void order(socket, demand({ waiting: 9, consumers: 1, clearMs: 5000 })).catch(() => {});
      return statesOf(fleet) === 'running,running,running';
    });
    await eventually('one is to go', () => {
      void order(socket, demand({ consumers: 2, idle: 2, letGo: 1 })).catch(() => {});
      return linesOf(fleet, /hears \{"type":"let-go","count":1\}/).length === 1;
    });
    await order(socket, { type: 'leaving', id: 2, incarnation: 1 });
    await eventually('it is gone', () => statesOf(fleet) === 'running,stopped,running');
    await order(socket, demand({ waiting: 9, consumers: 1, clearMs: 5000 }));
    await fleet.says('Queue consumer 2.2 hears {"type":"feeder-ready","incarnation":1');
    expect(linesOf(fleet, /^(Starting|Letting go) /)).toEqual([
      'Starting 1 consumer: 9 items wait, there is no consumer',
      'Starting 1 consumer: 9 items wait, about 5.0 s of work, target 0.2 s',
      'Letting go 1 consumer of 2: nothing waits, it has been idle for 1 s',
      'Starting 1 consumer: 9 items wait, about 5.0 s of work, target 0.2 s',
    ]);
    await order(socket, { end: 0 });
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});
