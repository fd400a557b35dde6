/**
 * States of a supervised process.
 *
 * created -> starting -> running -> stopping -> stopped, with backoff between two incarnations and failed as the end
 * of one that is given up. See docs/architecture.md for the whole table.
 */
export type ProcessState = 'created' | 'starting' | 'running' | 'stopping' | 'backoff' | 'stopped' | 'failed';
