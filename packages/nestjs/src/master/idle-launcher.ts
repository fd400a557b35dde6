import {
  Launcher,
  LauncherStateError,
  type GroupOptions,
  type QueueGroupOptions,
  type RunResult,
} from '@distributed-architecture/core';

/** What `Launcher` is injected as where there is no master: nothing runs and nothing can be started. */
export class IdleLauncher extends Launcher {
  override get isMaster(): boolean {
    return false;
  }

  override run(_groups: readonly (GroupOptions | QueueGroupOptions)[]): Promise<RunResult> {
    return Promise.reject(new LauncherStateError('Only the master runs groups: start it by run-master'));
  }
}
