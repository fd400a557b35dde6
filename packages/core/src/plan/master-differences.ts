import { isDeepStrictEqual } from 'node:util';
import { toYamlKey } from '../config/binding/key-names.js';
import { DEFAULTS } from '../config/defaults.js';
import type { MasterConfiguration } from './fleet-configuration.js';
import type { Settings } from './group-shape.js';

/** Settings of the master itself that differ, as they are written in YAML: `log.level`. */
export function masterDifferences(before: MasterConfiguration, after: MasterConfiguration): string[] {
  const [old, next] = [settingsOf(before), settingsOf(after)];
  return Object.keys({ ...old, ...next }).filter((key) => !isDeepStrictEqual(old[key], next[key]));
}

function settingsOf({ name, log = {}, pidPath = DEFAULTS.pidPath, metrics }: MasterConfiguration): Settings {
  return {
    name,
    ...nested('log', {
      path: log.path ?? DEFAULTS.logPath,
      level: log.level ?? DEFAULTS.logLevel,
      format: log.format ?? DEFAULTS.logFormat,
      maxSize: log.maxSize ?? DEFAULTS.logMaxSize,
      maxFiles: log.maxFiles ?? DEFAULTS.logMaxFiles,
    }),
    pid_path: pidPath,
    metrics: metrics !== undefined,
    ...(metrics && {
      ...nested('metrics', {
        host: metrics.host ?? DEFAULTS.metricsHost,
        port: metrics.port ?? DEFAULTS.metricsPort,
        path: metrics.path ?? DEFAULTS.metricsPath,
      }),
    }),
  };
}

function nested(name: string, settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${name}.${toYamlKey(key)}`, value]));
}
