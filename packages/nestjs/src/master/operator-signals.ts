/** Signals by which an operator asks a master for something but its end. */
export interface OperatorSignalActions {
  /** SIGUSR1: tell what runs. */
  tell(): void;
  /** SIGUSR2: replace the processes. */
  reload(): void;
  /** SIGHUP: open the log again; undefined: in the foreground it stops the master. */
  reopen?(): void;
}

interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** @returns what leaves the signals alone again */
export function listenToOperator(actions: OperatorSignalActions, source: SignalSource = process): () => void {
  const listeners: [NodeJS.Signals, () => void][] = [
    ['SIGUSR1', () => actions.tell()],
    ['SIGUSR2', () => actions.reload()],
  ];
  if (actions.reopen !== undefined) listeners.push(['SIGHUP', () => actions.reopen?.()]);
  for (const [signal, listener] of listeners) source.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) source.off(signal, listener);
  };
}
