import type { LogLevel } from '../logger/logger.js';
import type { AnyGroupOptions } from '../plan/group-shape.js';
import type { FleetPort } from './fleet-port.js';

/** What happened to a change, or to what it is about. */
export type ChangeEvent =
  | { readonly type: 'begin' }
  /** Something was decided about processes, or it is time to look again. */
  | { readonly type: 'settled' }
  /** A successor was told to start. */
  | { readonly type: 'succeeded'; readonly of: number; readonly id: number }
  /** Groups were added, or a queue group has got its new size. */
  | { readonly type: 'carried' }
  /** That could not be done. */
  | { readonly type: 'refused'; readonly reason: string }
  /** The fleet stops. */
  | { readonly type: 'stop' };

/** What a change has done with the fleet. `R` is what comes of it. */
export type ChangeEffect<R> =
  | { readonly type: 'retire' | 'recycle'; readonly ids: readonly number[]; readonly force?: boolean }
  | { readonly type: 'succeed'; readonly of: number }
  | { readonly type: 'add' | 'put-back'; readonly groups: readonly AnyGroupOptions[] }
  | { readonly type: 'resize' | 'update'; readonly group: AnyGroupOptions }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly group?: string }
  | { readonly type: 'end'; readonly result: R };

/** What decisions see of the fleet. */
export interface FleetView extends Pick<FleetPort, 'records' | 'groups' | 'idsOf' | 'isWanted' | 'isSuspended'> {
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** What the runner needs to know of a change that is under way. */
export interface ChangeState {
  /** When it has to be looked at again, though nothing has happened. */
  readonly dueAt: number;
  /** How many processes it looks at each time. */
  readonly watched: number;
}

/** One change: its state, and the only function that alters it. */
export interface Change<R> {
  readonly name: ChangeName;
  readonly state: ChangeState;
  decide(event: ChangeEvent, view: FleetView): ChangeEffect<R>[];
}

/** As the status of a fleet names them. */
export type ChangeName = 'reload' | 'restart' | 'scale' | 'configuration';

/** Why a change ends when its fleet stops. */
export const FLEET_STOPS = 'the fleet stops';

/** What a launcher may need after a limit of its own has passed: kill, exit, report of an agent. */
export const GRACE_MS = 5000;
