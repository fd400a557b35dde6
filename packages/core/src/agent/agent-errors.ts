import { DistributedArchitectureError, ExitCode } from '../errors/distributed-architecture-error.js';

/** What is said to `run-agent` on standard input is not what a master says. */
export class RelayInputError extends DistributedArchitectureError {
  readonly code = 'RELAY_INPUT';
  override readonly exitCode = ExitCode.Usage;
}

/** The agent of a host cannot be started there, or does not answer. */
export class AgentStartError extends DistributedArchitectureError {
  readonly code = 'AGENT_START';
}
