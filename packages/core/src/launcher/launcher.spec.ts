import { expect, it } from 'vitest';
import { LauncherStateError } from '../errors/launcher-state-error.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { Launcher } from './launcher.js';

function open() {
  const host = new FakeHost();
  const sink = new RecordingSink();
  const launcher = new Launcher({ host, logger: sink, clock: new ManualClock() });
  const started = new Promise<void>((resolve) => launcher.on('master_starting', () => resolve()));
  return { host, sink, launcher, started };
}

it('shows what it runs, and resolves with the exit code', async () => {
  const { host, launcher, started } = open();
  expect([launcher.isMaster, launcher.isRunning, launcher.processes, launcher.groups]).toEqual([true, false, [], []]);
  const run = launcher.run([group()]);
  await started;
  host.latest(1).boot();
  expect([launcher.isRunning, launcher.groups]).toEqual([true, ['Group']]);
  expect(launcher.processes[0]).toMatchObject({ id: 1, state: 'running', pid: 1000, display: 'work/1/1' });
  host.latest(1).exit(2);
  expect(await run).toEqual({ exitCode: 1 });
  expect(launcher.isRunning).toBe(false);
  expect(launcher.processes[0]).toMatchObject({ state: 'failed', pid: undefined });
});

it('runs once', async () => {
  const { launcher } = open();
  await launcher.run([]);
  await expect(launcher.run([])).rejects.toThrow(LauncherStateError);
});

it.each(['stop', 'kill'] as const)('a %s before the run is remembered', async (request) => {
  const { host, launcher } = open();
  await launcher[request]();
  expect(await launcher.run([group()])).toEqual({ exitCode: 0 });
  expect(host.started).toEqual([]);
});

it('a stop waits for the end; after the end it does nothing', async () => {
  const { host, launcher, started } = open();
  const run = launcher.run([group()]);
  await started;
  host.latest(1).boot();
  const stop = launcher.stop();
  host.latest(1).exit();
  await stop;
  expect(await run).toEqual({ exitCode: 0 });
  await launcher.stop();
  await launcher.kill();
});

it('reports a listener that fails', async () => {
  const { sink, launcher } = open();
  launcher.on('master_stopped', () => {
    throw new Error('listener');
  });
  await launcher.run([]);
  expect(sink.records[0]).toMatch(/^error master: A listener of master_stopped failed: Error: listener/);
});
