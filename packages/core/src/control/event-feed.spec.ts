import { expect, it } from 'vitest';
import { ControlWorld } from './control-world.spec.helper.js';

/** What a follower is told: its types. */
function follow(world: ControlWorld, types?: readonly string[]): string[] {
  const told: string[] = [];
  world.feed.follow(types === undefined ? {} : { types }, (frame) => {
    told.push(/^event: (\w+)$/mu.exec(frame.toString())![1]!);
  });
  return told;
}

it('what passes is told to those alone who have named it, whoever else has', () => {
  const world = new ControlWorld();
  const [all, some] = [follow(world), follow(world, ['process_running'])];
  const process = world.start(1);
  world.say(process, 'hello');
  expect([all, some]).toEqual([['process_started'], ['process_running']]);
});

it('of what a process said before its end some is kept: its last lines, cut', async () => {
  const world = new ControlWorld();
  const process = world.start(1);
  world.stop(process, { lastLines: ['x'.repeat(5000), 'y'.repeat(900), 'z'.repeat(5000)] });
  await world.open();
  const [entry] = await world.client.pastEvents({ types: ['process_stopped'], since: new Date(0) });
  expect(entry).toMatchObject({ exit: { lastLines: ['y'.repeat(900), 'z'.repeat(1024)] } });
});

it('who asks is written down without what would move a cursor, and not at any length', async () => {
  const world = new ControlWorld();
  await world.open();
  const { request } = await import('node:http');
  const { controlSocket } = await import('./socket-address.js');
  const headers = { 'x-operator': `root\t\u009B31m${'x'.repeat(500)}` };
  const sent = request({ socketPath: controlSocket(world.folder), method: 'POST', path: '/resume', headers });
  await new Promise((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => response.resume().on('end', resolve));
    sent.end();
  });
  const [entry] = await world.client.pastEvents({ types: ['command'], since: new Date(0) });
  expect(entry).toMatchObject({ operator: `root31m${'x'.repeat(193)}` });
});
