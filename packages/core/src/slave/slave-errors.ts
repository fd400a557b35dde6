import { CHANNEL_PROTOCOL } from '../channel/protocol.js';
import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** The launcher speaks a version of the channel that this slave does not know. */
export class SlaveProtocolError extends DistributedArchitectureError {
  readonly code = 'SLAVE_PROTOCOL';
  override readonly exitCode = ExitCode.Internal;

  constructor(readonly protocol: number) {
    super(
      `The launcher speaks version ${protocol} of the channel, this slave version ${CHANNEL_PROTOCOL}: install the same version of @distributed-architecture/core for both`,
    );
  }
}
