import { DistributedArchitectureError, ExitCode } from '@distributed-architecture/core';

/** The work of a queue group was started by something else than a launcher that runs it as a queue group. */
export class NotInQueueGroupError extends DistributedArchitectureError {
  override readonly code = 'QUEUE_GROUP_MISSING';
  override readonly exitCode = ExitCode.Usage;

  /** @param group name of the group that it was started for; undefined: started by hand */
  constructor(readonly group?: string) {
    super(
      group === undefined
        ? 'This is the feeder and the consumer of a queue group and runs under a launcher only: name its command in queue_groups and start run-master'
        : `Group ${JSON.stringify(group)} runs the command of a queue group: it has to stand in queue_groups, with a feeder and consumers`,
    );
  }
}
