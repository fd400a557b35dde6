/** In records: the listener of an agent, which is no process of the fleet. Those have ids from 1. */
export const LISTENER_ID = 0;

/** Its name in the log. No process has one without a slash. */
export const LISTENER_DISPLAY = 'listener';
