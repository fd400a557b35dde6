/** Where the fleet's log goes (a LogSink) in the master; null elsewhere. */
export const FLEET_LOG = Symbol('FLEET_LOG');

/** The run-master command; null where there is no command line. */
export const RUN_MASTER_COMMAND = 'DistributedArchitectureRunMasterCommand';
