/** Options object of the injected Launcher in the master; null elsewhere. */
export const MASTER_LAUNCHER_OPTIONS = Symbol('MASTER_LAUNCHER_OPTIONS');

/** The run-master command; null where there is no command line. */
export const RUN_MASTER_COMMAND = 'DistributedArchitectureRunMasterCommand';
