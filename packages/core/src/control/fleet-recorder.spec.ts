import { expect, it } from 'vitest';
import { MasterRunningEvent, type LauncherView } from '../events/lifecycle-events.js';
import { ControlWorld } from './control-world.spec.helper.js';

const VIEW: LauncherView = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };

it('counts for a group also what has happened to processes that are gone', () => {
  const { recorder, ...world } = play();
  const first = world.start(1);
  world.stop(first, { reason: 'timeout' });
  world.startAgain(first);
  world.timeOut(first);
  world.processes.length = 0;
  world.start(2);
  expect(recorder.group('Group')).toMatchObject({ restarts: 1, timeouts: 1, exits: new Map([['timeout', 1]]) });
});

it('forgets processes that are gone, in a fleet that is changed again and again', () => {
  const { recorder, ...world } = play();
  for (let id = 1; id <= 1000; id++) {
    world.processes.length = 0;
    const { display } = world.start(id);
    recorder.lines.write({ group: 'Group', host: 'localhost', display }, 'log', `line of ${id}`);
  }
  expect(recorder.history(1)).toBeUndefined();
  expect(recorder.history(1000)).toBeDefined();
  expect(recorder.lines.latest({}, 10_000).length).toBeLessThan(200);
  expect(recorder.idOf({ group: 'Group', display: 'work/1000/1000' })).toBe(1000);
  expect(recorder.idOf({ group: 'Group', display: 'work/1/1' })).toBeUndefined();
});

it('a measure tells only what it has measured, and ends with its incarnation', () => {
  const { recorder, ...world } = play();
  const process = world.start(1);
  recorder.measured(1, { rss: 5 });
  recorder.measured(1, { cpu: 0.5 });
  recorder.measured(2, { cpu: 0.5 });
  expect(recorder.history(1)!.measure).toEqual({ rss: 5, cpu: 0.5 });
  world.stop(process);
  expect(recorder.history(1)!.measure).toEqual({});
});

it('an event loop that is late is seen when it beats', () => {
  const { recorder, clock, bus } = play();
  const beat = (ms: number): void => {
    clock.advance(ms);
    bus.publish('master_running', new MasterRunningEvent(VIEW));
  };
  for (const ms of [1000, 1000, 1350, 1000]) beat(ms);
  expect(recorder.own.now.loopLag).toBe(0.35);
  expect(recorder.own.now.rss).toBeGreaterThan(10);
  for (let round = 0; round < 6; round++) beat(1000);
  expect(recorder.own.now.loopLag).toBe(0);
});

function play() {
  const world = new ControlWorld();
  return {
    recorder: world.recorder,
    clock: world.clock,
    bus: world.bus,
    processes: world.processes,
    start: (id: number) => world.start(id),
    stop: world.stop.bind(world),
    startAgain: world.startAgain.bind(world),
    timeOut: world.timeOut.bind(world),
  };
}
