import type {
  GroupConfig,
  Logger,
  QueueChannel,
  QueueLauncherMessage,
  QueueRole,
  QueueSlaveMessage,
  SlaveHandler,
} from '@distributed-architecture/core';
import { vi } from 'vitest';
import type { LaunchedProcess } from './queue-process.js';

/** A process whose launcher is played: it is told things, and what it says is kept. */
export interface PlayedLauncher extends LaunchedProcess {
  readonly said: (QueueSlaveMessage | { ready: boolean })[];
  tell(message: QueueLauncherMessage): void;
  askToStop(): void;
}

export function playLauncher(role: QueueRole): PlayedLauncher {
  const stop = new AbortController();
  const said: PlayedLauncher['said'] = [];
  let listener: ((message: QueueLauncherMessage) => void) | undefined;
  const channel: QueueChannel = {
    start: { role, key: Buffer.alloc(32).toString('base64') },
    listen: (given) => (listener = given),
    send: (message) => said.push(message),
    feederReady: (adopts) => said.push({ ready: adopts }),
    waits: () => {},
    measureBy: () => {},
  };
  return {
    slave: playHandler(stop.signal),
    channel,
    said,
    tell: (message) => listener?.(message),
    askToStop: () => stop.abort(),
  };
}

export function playHandler(signal: AbortSignal): SlaveHandler {
  return {
    id: 4,
    groupId: 3,
    groupCount: 5,
    incarnation: 2,
    epoch: 7,
    groupConfig: { name: 'Queue', command: 'work' } as GroupConfig,
    logger: { error: vi.fn<Logger['error']>() } as Partial<Logger> as Logger,
    signal,
    get mustStop() {
      return signal.aborted;
    },
    sleep: vi.fn<SlaveHandler['sleep']>(async () => !signal.aborted),
    ping: vi.fn<SlaveHandler['ping']>(),
    ready: vi.fn<SlaveHandler['ready']>(),
  };
}
