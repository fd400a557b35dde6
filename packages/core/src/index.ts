// Loading this file is cheap: what a launcher and the configuration need to run is loaded when they are used. A slave
// loads it too, and there are many.
import { assertLoadedOnce } from './errors/assert-loaded-once.js';

export type { AgentLink, AgentLinkListener } from './agent-channel/agent-link.js';
export { runAgent, type RunAgentOptions } from './agent/run-agent.js';
export { isRelay, runRelay } from './agent/run-relay.js';
export { isListener, listenToAgent } from './agent/listener/run-listener.js';
export type { LifecycleEventSource, AgentListening } from './agent/listener/listen-to-agent.js';
export { StreamLink, type LinkStreams } from './agent-channel/stream-link.js';
export { CHANNEL_VARIABLE, ROLE_VARIABLE } from './channel/environment.js';
export { consumerKey } from './channel/consumer-key.js';
export { CHANNEL_PROTOCOL } from './channel/protocol.js';
export type * from './channel/queue-message.js';
export { Alarm } from './clock/alarm.js';
export { checkHosts } from './check/check-hosts.js';
export type { CheckHostsOptions } from './check/check-options.js';
export type { HostCheck } from './check/host-check.js';
export type { Clock } from './clock/clock.js';
export { SystemClock } from './clock/system-clock.js';
export { ConfigError, type ConfigProblem } from './config/config-error.js';
export {
  configurationReference,
  configurationSchema,
  referenceYaml,
  showConfiguration,
} from './config/configuration-reference.js';
export type {
  DistributedArchitectureConfig,
  DistributedArchitectureOptions,
  LogOptions,
  MetricsOptions,
} from './config/distributed-architecture-config.js';
export type { FleetPlace } from './config/fleet-place.js';
export { readFleetPlace } from './config/read-fleet-place.js';
export { loadConfig, validateConfig, type LoadConfigOptions } from './config/load-config.js';
export type {
  BlockOptions,
  GroupConfig,
  GroupOptions,
  ReloadConfig,
  ReloadOptions,
  ReloadOrder,
  RemoteOptions,
  RestartPolicy,
  SshOptions,
} from './config/group-config.js';
export { parseDuration } from './config/binding/parse-duration.js';
export { didYouMean } from './config/binding/suggest.js';
export { DependencyError } from './config/dependency-error.js';
export type { OnDemandConfig, QueueConfig } from './config/queue-config.js';
export type {
  LocalConsumersOptions,
  LocalFeederOptions,
  QueueGroupOptions,
  RemoteConsumersOptions,
  RemoteFeederOptions,
} from './config/queue-group-options.js';
export { resolveGroup } from './config/resolve-group.js';
export { resolveQueueGroup, type ConsumerBlock, type ResolvedQueueGroup } from './config/resolve-queue-group.js';
export type { ControlClientOptions } from './control/client-options.js';
export { ControlClient } from './control/control-client.js';
export type { DroppedEntry, EventsOptions, FollowedEvent, LogsOptions } from './control/control-client.js';
export {
  ChangeRunningError,
  ControlConnectionError,
  ControlFailedError,
  ControlRequestError,
  ControlUnsupportedError,
  GroupUnknownError,
  MasterNotRunningError,
} from './control/control-errors.js';
export type { PassingEntry } from './control/event-feed.js';
export type { ApplyResult, FleetControl, ForceOptions, ReloadResult } from './control/fleet-control.js';
export type { ExitStatus, FleetStatus, GroupStatus, ProcessStatus } from './control/fleet-status.js';
export type { Health } from './control/health.js';
export type { OperatorOptions } from './control/operator-options.js';
export type { LogLine } from './control/saying.js';
export { controlSocket } from './control/socket-address.js';
export type { JournalEntry, JournalEvent } from './event-journal/journal-event.js';
export { readEvents, type ReadEventsOptions } from './event-journal/read-events.js';
export type { FleetPlan, PlanAction, PlanStep } from './plan/fleet-plan.js';
export type { FleetConfiguration, MasterConfiguration } from './plan/fleet-configuration.js';
export { planFleet, planText } from './plan/plan-fleet.js';
export { assertLoadedOnce, DuplicatePackageError } from './errors/assert-loaded-once.js';
export { DistributedArchitectureError, ExitCode } from './errors/distributed-architecture-error.js';
export { LauncherStateError } from './errors/launcher-state-error.js';
export * from './events/lifecycle-events.js';
export { limitYoungGeneration } from './launcher/limit-young-generation.js';
export { Launcher } from './launcher/launcher.js';
export type { AgentConnection } from './launcher/remote-hosts.js';
export type { LauncherLimitOptions, LauncherOptions, RunOptions, RunResult } from './launcher/launcher-options.js';
export type { QueueView } from './launcher/queue-counts.js';
export { LOG_LEVELS, type Logger, type LogLevel, type LogOrigin, type LogSink } from './logger/logger.js';
export { MASTER_ORIGIN } from './logger/log-text.js';
export { JsonLogSink } from './logger/json-log-sink.js';
export { LogFile, type LogFileOptions } from './logger/log-file.js';
export { LogFileError } from './logger/log-file-error.js';
export { LoggerLogSink } from './logger/logger-log-sink.js';
export { openLog, type OpenedLog, type OpenLogOptions } from './logger/open-log.js';
export { SwitchedLogSink } from './logger/switched-log-sink.js';
export { TextLogSink } from './logger/text-log-sink.js';
export {
  HANDLING_BUCKETS,
  type HandlingTimes,
  type ItemCounts,
  type ProcessMeasure,
  type WorkMeasure,
} from './metrics/process-measure.js';
export { PidFileError, PidFileTakenError } from './pid-file/pid-file-errors.js';
export { readPidFile, type PidRecord } from './pid-file/pid-record.js';
export { fileNameOf, pidFileOf, preparePidFile } from './pid-file/prepare-pid-file.js';
export { removePidFile, writePidFile } from './pid-file/write-pid-file.js';
export type { ManagedProcess } from './process/managed-process.js';
export type { ExitReason, ProcessExit } from './process/process-exit.js';
export type { LauncherMessage } from './channel/launcher-message.js';
export type { ProcessSpec, QueuePart, TcpAddress } from './process/process-spec.js';
export type { HostedProcess, HostRun, ProcessHost, ProcessListener } from './process/process-host.js';
export type { ProcessState } from './process/process-state.js';
export { startTimeOf } from './run-directory/process-identity.js';
export { FleetRunningError, RunDirectoryError } from './run-directory/run-directory-errors.js';
export { runSlave } from './slave/run-slave.js';
export { SlaveProtocolError } from './slave/slave-errors.js';
export type { SlaveHandler } from './slave/slave-handler.js';
export { SlaveSession, type SlaveRunOptions } from './slave/slave-session.js';

assertLoadedOnce('@distributed-architecture/core', import.meta.url);
