import { DistributedArchitectureError } from '../errors/distributed-architecture-error.js';

/** A host cannot be used as it is. */
export abstract class HostError extends DistributedArchitectureError {
  constructor(
    /** As in the configuration, or as `ProxyJump` names it. */
    readonly host: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** No connection: no such name, nobody answers, refused, closed before anybody logged in. */
export class HostUnreachableError extends HostError {
  readonly code = 'HOST_UNREACHABLE';
}

/** What answers is no SSH server that we can talk to. */
export class HostHandshakeError extends HostError {
  readonly code = 'HOST_HANDSHAKE';
}

/** No key was accepted. */
export class HostAuthenticationError extends HostError {
  readonly code = 'HOST_AUTHENTICATION';
}

/** The host's key is in no known_hosts. */
export class HostKeyUnknownError extends HostError {
  readonly code = 'HOST_KEY_UNKNOWN';
}

/** The host has another key than known_hosts says. */
export class HostKeyChangedError extends HostError {
  readonly code = 'HOST_KEY_CHANGED';
}

/** known_hosts says that this key is not to be trusted. */
export class HostKeyRevokedError extends HostError {
  readonly code = 'HOST_KEY_REVOKED';
}

/** A known_hosts cannot be read or written. */
export class KnownHostsError extends HostError {
  readonly code = 'HOST_KNOWN_HOSTS';
}

/** The private key cannot be used: missing, open to others, encrypted, no key. */
export class PrivateKeyError extends HostError {
  readonly code = 'HOST_PRIVATE_KEY';
}

/** The SSH configuration cannot be read, or asks for what there is not. */
export class SshConfigError extends HostError {
  readonly code = 'HOST_SSH_CONFIG';
}

/** The host lets the user in, but opens no session. */
export class HostSessionError extends HostError {
  readonly code = 'HOST_SESSION';
}

/** The working directory is not on the host, or closed to the user. */
export class HostPathMissingError extends HostError {
  readonly code = 'HOST_PATH_MISSING';
}

/** The program that runs the console is not on the host, or cannot be executed. */
export class HostBinMissingError extends HostError {
  readonly code = 'HOST_BIN_MISSING';
}

/** The entry script is not on the host, or cannot be read. */
export class HostEntryMissingError extends HostError {
  readonly code = 'HOST_ENTRY_MISSING';
}

/** The agent's relay did not start. */
export class HostAgentError extends HostError {
  readonly code = 'HOST_AGENT_FAILED';
}
