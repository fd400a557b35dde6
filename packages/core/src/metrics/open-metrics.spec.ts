import { expect, it } from 'vitest';
import { ControlWorld } from '../control/control-world.spec.helper.js';
import type { Health } from '../control/health.js';
import { openMetrics } from './open-metrics.js';

it('what is measured of a life that is over is not taken for the present one', async () => {
  const world = new ControlWorld();
  const { source, recorder, clock } = world;
  const ready = (): Health => ({ status: 'ok', reasons: [] });
  const metrics = await openMetrics({ source, recorder, serve: undefined, ready, clock, log: () => {} });
  const process = world.start(1);
  metrics.measured(process, 1, { rss: 100 });
  expect(recorder.history(1)?.measure).toEqual({ rss: 100 });
  world.startAgain(process);
  metrics.measured(process, 1, { rss: 200 });
  expect(recorder.history(1)?.measure).toEqual({});
  process.pid = undefined;
  metrics.measured(process, 2, { rss: 300 });
  expect(recorder.history(1)?.measure).toEqual({});
});
