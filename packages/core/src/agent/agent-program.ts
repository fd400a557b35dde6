import { closeSync, writeSync } from 'node:fs';
import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';
import { AgentDoor } from './agent-door.js';
import { agentPlace } from './agent-place.js';
import { ANNOUNCEMENT, ANNOUNCEMENT_FD } from './announcement.js';

/** Begins to listen, tells the relay, and loads the rest meanwhile: the relay needs that time to connect. */
export async function runAgentProgram([fleet = '', name = '', entry = '']: readonly string[]): Promise<void> {
  const door = await openDoor(fleet, name);
  if (door === undefined) return;
  announce();
  const { serveAgent } = await import('./serve-agent.js');
  serveAgent({ door, name, entry });
}

async function openDoor(fleet: string, name: string): Promise<AgentDoor | undefined> {
  try {
    return await AgentDoor.open(agentPlace(fleet, name));
  } catch (error) {
    const known = error instanceof DistributedArchitectureError;
    process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = known ? error.exitCode : ExitCode.Internal;
    return undefined;
  }
}

/** Closed at once: what is started from here must not inherit it. */
function announce(): void {
  try {
    writeSync(ANNOUNCEMENT_FD, ANNOUNCEMENT);
    closeSync(ANNOUNCEMENT_FD);
  } catch {
    // The relay is gone; the next one finds us.
  }
}
