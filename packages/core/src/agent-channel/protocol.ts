/*
 * The messages between a master and an agent, one JSON text a line on a stream of bytes.
 *
 *   master                              agent
 *   hello ----------------------------> checks protocol, fleet and epoch
 *         <------------------- hello, or refused and the link closes
 *   confirm, echo, run, want ---------> starts what is wanted, once an echo has given it the lease. To one that runs
 *                                       already: confirm, run, want, echo, so that what is not to run does not go on
 *         <--- lease every lease / 10, record (until confirmed), summary once a second
 *   tell (until heard) --------------->
 *         <------------- heard, demand
 *   echo, confirm, run, want, ... bye ->
 *
 * Owners: host-link.ts at the master's end, agent-session.ts at the agent's.
 */

/** Version of these messages. Another major is refused; a minor only adds what the other side may ignore. */
export const AGENT_PROTOCOL: ProtocolVersion = { major: 1, minor: 1 };

/** Majors that this version understands: the current and the previous one, so that hosts are upgraded one by one. */
export const SPOKEN_MAJORS: readonly number[] = [1];

/**
 * What a side can do besides the messages that every one of its major knows. An agent without `queues` gets no processes of
 * queue groups: its master does not connect it, and says why. To an agent without `amend` (minor 0) `run` is said once: what
 * is added later fails, with the reason in the log.
 */
export const CAPABILITIES = ['queues', 'amend'] as const;

/** A longer message is taken for garbage. The longest that a slave may send to its launcher fits with room to spare. */
export const MAX_MESSAGE_BYTES = 33_554_432;

/** An agent has at most so many bytes of records on the way: what follows them, such as its lease, is not held up long. */
export const RECORD_WINDOW_BYTES = 524_288;

/** An agent asks for its lease ten times in each. */
export const RENEWALS_PER_LEASE = 10;

export const SUMMARY_INTERVAL_MS = 1000;

export interface ProtocolVersion {
  readonly major: number;
  readonly minor: number;
}
