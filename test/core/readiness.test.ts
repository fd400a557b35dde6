import { describe, expect, it } from 'vitest';
import { Fleet, slave } from '../support/fleet.js';
import { eventually } from '../support/processes.js';

describe('a slave that says itself when it is ready', () => {
  it('is starting until then, then running', async () => {
    const fleet = new Fleet([slave('ready-later.mjs')]);
    const state = (): string => fleet.launcher.processes[0]!.state;
    const pid = Number(/\d+/.exec(await fleet.says('preparing'))?.[0]);
    expect(state()).toBe('starting');
    process.kill(pid, 'SIGUSR2');
    await fleet.says('prepared');
    // Output and messages come by ways of their own.
    await eventually('it is running', () => state() === 'running');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('may be silent for longer than its timeout before', async () => {
    const fleet = new Fleet([slave('ready-later.mjs', { timeout: 0.5, params: { silentMs: 1500 } })]);
    await fleet.says('prepared');
    await fleet.launcher.stop();
    expect(fleet.events).not.toContain('process_timedout 1.1');
    expect(fleet.events).toContain('process_stopped 1.1 stopped');
  });

  it('has start_timeout for it, whatever signs of life it gives', async () => {
    const fleet = await Fleet.run([slave('ready-later.mjs', { startTimeout: 1.5, params: { never: true } })]);
    expect(fleet.exitCode).toBe(1);
    expect(fleet.texts).toContain('Timeout reached while waiting for readiness...');
    expect(fleet.events).toContain('process_stopped 1.1 start-timeout');
  });

  it('stops normally when it is asked to before', async () => {
    const fleet = new Fleet([slave('ready-later.mjs', { params: { never: true } })]);
    await fleet.says('prepared');
    expect(fleet.launcher.processes[0]!.state).toBe('starting');
    await fleet.launcher.stop();
    expect(fleet.texts).toContain('stops: true');
    expect(fleet.events).toContain('process_stopped 1.1 stopped');
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });

  it('may end before', async () => {
    const fleet = await Fleet.run([slave('ready-later.mjs', { params: { ends: true } })]);
    expect(fleet.events).toContain('process_stopped 1.1 ended');
    expect(fleet.exitCode).toBe(0);
  });
});
