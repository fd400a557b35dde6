/**
 * States of a supervised process.
 *
 * created -> starting -> running -> stopping -> stopped, with waiting before the first start while groups that it
 * depends on are not ready, backoff between two incarnations, failed as the end of one that is given up, suspended
 * while it is held back, and unreachable while nobody knows what it does on a host out of reach. See docs/supervision-table.md.
 */
export type ProcessState =
  | 'created'
  | 'waiting'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'backoff'
  | 'stopped'
  | 'failed'
  | 'suspended'
  | 'unreachable';
