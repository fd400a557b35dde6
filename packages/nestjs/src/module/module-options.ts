import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { DistributedArchitectureOptions } from '@distributed-architecture/core';

export interface DistributedArchitectureModuleOptions {
  /**
   * The configuration, or the path of its YAML file. Default `config/distributed_architecture.yaml`. `--config-file`
   * and the environment variable `DISTRIBUTED_ARCHITECTURE_CONFIG` come first.
   */
  config?: string | DistributedArchitectureOptions;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<DistributedArchitectureModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: false }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();
