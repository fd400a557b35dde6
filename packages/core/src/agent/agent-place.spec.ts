import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FleetRunningError } from '../run-directory/run-directory-errors.js';
import { AgentDoor } from './agent-door.js';
import { agentName, agentPlace, runningAgent } from './agent-place.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const place = (fleet = 'shop', target = '') => agentPlace(fleet, agentName(target));

/** Opens a door, and puts a folder in the place of another's that was killed. */
function openAfterKill(): Promise<AgentDoor> {
  const dead = join(place().folder, 'run-1');
  mkdirSync(dead, { recursive: true, mode: 0o700 });
  writeFileSync(join(dead, 'owner'), JSON.stringify({ pid: process.pid, startTime: '1', boot: 'x', epoch: 1 }));
  writeFileSync(join(dead, 'socket'), '');
  return AgentDoor.open(place());
}

describe('the place of an agent', () => {
  it('is one for each fleet, and for each target of it', () => {
    const folders = [place(), place('other'), place('shop', 'deploy@host')].map((each) => each.folder);
    expect(new Set(folders).size).toBe(3);
    expect(place().folder).toBe(folders[0]);
  });

  it('has nobody as long as none has opened it', () => {
    expect(runningAgent(place())).toBeUndefined();
  });
});

describe('the door of an agent', () => {
  it('listens as soon as it can be found, to its user alone', async () => {
    const door = await AgentDoor.open(place());
    const { pid, socket } = runningAgent(place())!;
    expect(pid).toBe(process.pid);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const early = createConnection(socket);
    await once(early, 'connect');
    const heard = new Promise<void>((resolve) => door.listen((link) => resolve(void link.destroy())));
    await heard;
    early.destroy();
    door.close();
  });

  it('is open once at a time', async () => {
    const door = await AgentDoor.open(place());
    await expect(AgentDoor.open(place())).rejects.toThrow(FleetRunningError);
    door.close();
    expect(runningAgent(place())).toBeUndefined();
    const next = await AgentDoor.open(place());
    expect(runningAgent(place())).toBeDefined();
    next.close();
  });

  it('of one that was killed is no hindrance, though another process has its number', async () => {
    const door = await openAfterKill();
    expect(runningAgent(place())?.socket).toBe(join(place().folder, 'run-2', 'socket'));
    expect(readdirSync(place().folder)).toEqual(['run-2']);
    door.close();
    expect(readdirSync(join(place().folder, 'run-2'))).toEqual(['released']);
  });
});
