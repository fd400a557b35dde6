/**
 * From now on SIGUSR1 neither opens Node's inspector nor ends this process; a master tells what runs (`listenToOperator`).
 * In place as soon as the command line is loaded: whoever signals does not wait for the boot.
 */
export function quietSignal(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => {});
}
