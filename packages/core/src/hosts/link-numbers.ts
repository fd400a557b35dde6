/**
 * How far what is said to an agent is numbered in a run, over all links to it. An agent that was left while it was out of
 * reach may be back when it gets something to run again: it heeds nothing with a lower number than it has heard.
 */
export interface LinkNumbers {
  /** Of the latest wish. */
  generation: number;
  /** Of the latest notice. */
  sequence: number;
}

export function createLinkNumbers(): LinkNumbers {
  return { generation: 0, sequence: 0 };
}
