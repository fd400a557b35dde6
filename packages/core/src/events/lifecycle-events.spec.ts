import { expect, it } from 'vitest';
import * as events from './lifecycle-events.js';

it('each class has the name under which it is published', () => {
  const names = Object.values(events).map((event) => event.NAME);
  const short = 'master_starting master_started master_running master_stopped process_created process_started';
  const all = `${short} process_running process_stopped process_timedout`.split(' ');
  expect(names.toSorted()).toEqual(all.map((name) => `distributed_architecture.${name}`).toSorted());
});
