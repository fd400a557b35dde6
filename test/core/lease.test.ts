import { describe, expect, it } from 'vitest';
import { machineMs, PlayedLauncher } from '../support/played-launcher.js';
import { eventually } from '../support/processes.js';

const KILLED = { code: null, signal: 'SIGKILL' };

describe('a slave with a lease', () => {
  it('works on while it is renewed', async () => {
    const launcher = new PlayedLauncher('turns.mjs');
    launcher.renewLease(0.5);
    await launcher.hears('turn', 30);
    launcher.send({ type: 'stop' });
    await launcher.hears('ended');
    expect(await launcher.exited).toEqual({ code: 0, signal: null });
  });

  it('stops when it hears nothing for half of it, and what it has started ends with it', async () => {
    const launcher = new PlayedLauncher('works-with-a-helper.mjs');
    await launcher.hears('ping');
    await eventually('its helper runs', () => launcher.size === 2);
    launcher.send({ type: 'lease', seconds: 60 });
    launcher.send({ type: 'lease', seconds: 1 });
    await launcher.hears('ended');
    expect(await launcher.exited).toEqual(KILLED);
    await eventually('its helper is gone', () => launcher.size === 0);
  });

  it('is killed at its end when it does not stop, with all of its process group', async () => {
    const launcher = new PlayedLauncher('ignores-stop.mjs', { timeout: 0 });
    await launcher.hears('ready');
    await eventually('its child runs', () => launcher.size === 3);
    const sentAt = machineMs();
    launcher.send({ type: 'lease', seconds: 1, sentAt });
    expect(await launcher.exited).toEqual(KILLED);
    expect(machineMs() - sentAt).toBeGreaterThan(999);
    await eventually('its child is gone', () => launcher.size === 0);
  });

  it('works on after its event loop stood still for longer, when renewals have waited for it', async () => {
    const launcher = new PlayedLauncher('turns.mjs', { params: { blockMs: 1500 } });
    launcher.renewLease(0.5);
    await launcher.hears('turn', 3);
    expect(launcher.messages).not.toContainEqual(expect.objectContaining({ message: 'stops' }));
  });

  it('that was frozen for longer begins nothing, though old renewals wait for it', async () => {
    const launcher = new PlayedLauncher('turns.mjs');
    const stopRenewing = launcher.renewLease(1);
    await launcher.hears('turn', 3);
    launcher.signal('SIGSTOP');
    stopRenewing();
    const frozenAt = machineMs();
    launcher.send({ type: 'lease', seconds: 1, sentAt: frozenAt });
    await eventually('the lease is over', () => machineMs() > frozenAt + 1100);
    const before = launcher.messages.length;
    launcher.signal('SIGCONT');
    expect(await launcher.exited).toEqual(KILLED);
    expect(launcher.messages.slice(before)).toEqual([]);
  });

  it('is killed at its end also while it waits for its launcher to read', async () => {
    const launcher = new PlayedLauncher('turns.mjs', { params: { logs: 100_000 } });
    const sentAt = machineMs();
    launcher.send({ type: 'lease', seconds: 2, sentAt });
    await launcher.hears('turn');
    launcher.turnDeaf();
    expect(await launcher.exited).toEqual(KILLED);
    expect(machineMs() - sentAt).toBeGreaterThan(1999);
  });
});
