import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FleetRunningError } from '../run-directory/run-directory-errors.js';
import { AgentDoor } from './agent-door.js';
import { agentPlace, runningAgent, type AgentPlace } from './agent-place.js';

const before = process.env.XDG_RUNTIME_DIR;
let base = '';
let place: AgentPlace;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'da-'));
  process.env.XDG_RUNTIME_DIR = base;
  place = agentPlace('shop', 'name');
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = before;
  rmSync(base, { recursive: true });
});

it('whoever finds the lock held can connect, and nothing else lies in its folder', async () => {
  const door = await AgentDoor.open(place);
  const { socket, pid } = runningAgent(place)!;
  expect(pid).toBe(process.pid);
  expect(readdirSync(place.folder)).toEqual(['run-1']);
  const client = createConnection(socket);
  await once(client, 'connect');
  client.destroy();
  door.close();
  expect(existsSync(socket)).toBe(false);
});

it('another one is refused, and leaves nothing', async () => {
  const door = await AgentDoor.open(place);
  await expect(AgentDoor.open(place)).rejects.toThrow(FleetRunningError);
  expect(readdirSync(place.folder)).toEqual(['run-1']);
  door.close();
});
