import type { QueueLauncherMessage, QueueSlaveMessage } from '../channel/queue-message.js';
import type { SimProcess } from './machine.js';
import type { Incarnation } from './sim-run.js';
import type { World } from './world.js';

/** What a played process of a queue group needs of the program that it is part of. */
export interface MemberLinks {
  readonly world: World;
  readonly incarnation: Incarnation;
  readonly leader: SimProcess;
  say(message: QueueSlaveMessage): void;
  /** Its work is done. */
  end(): void;
}

/** The part of a program that a process of a queue group adds. */
export interface SimMember {
  /** It is ready. */
  begin(): void;
  hear(message: QueueLauncherMessage): void;
}
