import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { DistributedArchitectureOptions } from '@distributed-architecture/core';

export interface DistributedArchitectureModuleOptions {
  /**
   * The configuration, or the path of its YAML file. Default `config/distributed_architecture.yaml`. `--config-file`
   * and the environment variable `DISTRIBUTED_ARCHITECTURE_CONFIG` come first.
   */
  config?: string | DistributedArchitectureOptions;
  /**
   * Publishes the lifecycle events of other hosts on those hosts as well, with `launcher.isMaster` false. Default false:
   * they are published in the master alone.
   *
   * It costs one more process of the application on each host, with all that its module connects to (role `agent`), and
   * its boot at the start of a run. It runs beside the agent: nothing that it does holds up the supervision, but events are
   * dropped when it reads too slowly, and lost while it does not run. Needs `runConsole` as entry.
   */
  hostEvents?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<DistributedArchitectureModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();
