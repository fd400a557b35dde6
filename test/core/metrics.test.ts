import { randomUUID } from 'node:crypto';
import {
  ControlClient,
  controlSocket,
  type LauncherOptions,
  type QueueGroupOptions,
} from '@distributed-architecture/core';
import { describe, expect, it } from 'vitest';
import { PipeAgents } from '../support/agents.js';
import { Fleet, fixture, program, slave } from '../support/fleet.js';

const DEADLINE = { timeout: 30_000, interval: 100 };

/** Of the page, without what all names begin with. */
const PREFIX = 'distributed_architecture_';

function queueGroup(script: string): QueueGroupOptions {
  return { name: 'Queue', command: 'work', console: fixture(script), consumers: { local: {} } };
}

function start(options: LauncherOptions = {}): Fleet {
  const groups = [slave('sleeps.mjs'), program('sleep 1000', { name: 'Program' }), queueGroup('measured-queue.mjs')];
  return new Fleet(groups, { name: `metrics-${randomUUID()}`, metrics: { host: '127.0.0.1', port: 0 }, ...options });
}

/** Asks over TCP. */
async function ask(fleet: Fleet, path: string): Promise<Response> {
  const line = await fleet.says('Metrics at http://');
  return fetch(new URL(path, line.slice(line.indexOf('http://'))));
}

function valuesOf(page: string): ReadonlyMap<string, number> {
  const lines = page.split('\n').filter((line) => line.startsWith(PREFIX));
  return new Map(
    lines.map((line) => [line.slice(PREFIX.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

async function scrape(fleet: Fleet): Promise<ReadonlyMap<string, number>> {
  return valuesOf(await (await ask(fleet, '/metrics')).text());
}

function client(fleet: Fleet): ControlClient {
  return new ControlClient(controlSocket(fleet.launcher.folder!));
}

describe.each([
  ['under the master', () => ({})],
  ['under an agent', () => ({ agents: new Map([['localhost', new PipeAgents()]]) })],
] as const)('processes %s', (_where, options) => {
  it('are measured, and so are items: at the latest when their consumer stops', async () => {
    const fleet = start(options());
    const measured = ['Group",process="1', 'Program",process="2', 'Queue",process="4'];
    const names = ['process_resident_memory_bytes', 'process_cpu_ratio'].flatMap((name) =>
      measured.map((who) => `${name}{group="${who}"}`),
    );
    await expect.poll(async () => [...(await scrape(fleet)).keys()], DEADLINE).toEqual(expect.arrayContaining(names));
    const page = await scrape(fleet);
    expect(page.get('process_resident_memory_bytes{group="Group",process="1"}')).toBeGreaterThan(10_000_000);
    expect(page.has('process_event_loop_lag_seconds{group="Group",process="1"}')).toBe(true);
    expect(page.has('process_event_loop_lag_seconds{group="Program",process="2"}')).toBe(false);
    await expect
      .poll(async () => (await scrape(fleet)).get('items_total{group="Queue",outcome="done"}'), DEADLINE)
      .toBe(19);

    fleet.launcher.suspendGroup('Queue');
    const counted = 'item_handling_seconds_count{group="Queue"}';
    await expect.poll(async () => (await scrape(fleet)).get(counted), DEADLINE).toBe(20);
    const last = await scrape(fleet);
    expect(last.get('items_total{group="Queue",outcome="failed"}')).toBe(1);
    expect(last.get('item_handling_seconds_bucket{group="Queue",le="0.1"}')).toBe(19);
    expect(last.get('item_handling_seconds_sum{group="Queue"}')).toBeGreaterThan(0.119);
    await expect
      .poll(async () => (await scrape(fleet)).get('processes{group="Queue",state="suspended"}'), DEADLINE)
      .toBe(2);
    await fleet.launcher.stop();
  });
});

it('the control socket has the same page, and TCP has nothing but pages and health', async () => {
  const fleet = start();
  await fleet.tells('master_started');
  expect([...valuesOf(await client(fleet).metrics()).keys()]).toEqual([...(await scrape(fleet)).keys()]);
  expect((await ask(fleet, '/health/ready')).status).toBe(200);
  expect(await client(fleet).isReady()).toEqual(await (await ask(fleet, '/health/ready')).json());
  expect((await ask(fleet, '/status')).status).toBe(404);
  await fleet.launcher.stop();
  await expect(ask(fleet, '/metrics')).rejects.toThrow('fetch failed');
});

it('a fleet is not ready any more when a process has failed for good', async () => {
  const fleet = new Fleet([program('false', { name: 'Broken' }), program('sleep 1000', { name: 'Other' })], {
    metrics: { host: '127.0.0.1', port: 0 },
  });
  await fleet.tells('process_stopped 1.1 ended');
  const answer = await ask(fleet, '/health/ready');
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { status: 'unavailable', reasons: ['[Broken] [localhost] [false/1/1] has failed for good'] },
  ]);
  expect((await ask(fleet, '/health/live')).status).toBe(200);
  await fleet.launcher.stop();
});

it('each item of a consumer whose program has an SDK is a span, and what it calls hangs below it', async () => {
  const fleet = await Fleet.run([queueGroup('traced-queue.mjs')]);
  const spans = fleet.texts
    .filter((line) => line.startsWith('span '))
    .map((line) => JSON.parse(line.slice('span '.length)) as { name: string; attributes: Record<string, unknown> });
  const attributes = (item: object): object =>
    Object.fromEntries(Object.entries(item).map(([key, value]) => [`distributed_architecture.${key}`, value]));
  const about = { group: 'Queue', 'item.attempt': 1 };
  expect(spans).toEqual([
    { name: 'send good', parent: 'handle work', attributes: {} },
    { name: 'handle work', attributes: attributes({ ...about, 'item.id': '1', 'item.outcome': 'done' }) },
    { name: 'send bad', parent: 'handle work', attributes: {} },
    { name: 'handle work', attributes: attributes({ ...about, 'item.id': '2', 'item.outcome': 'failed' }) },
  ]);
});
