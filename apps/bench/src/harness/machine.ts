import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

/** Where and with what a run was made: figures of different machines are not comparable. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
}

export function describeMachine(packages: readonly string[]): Machine {
  const versions = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    versions: { node: process.versions.node, ...versions },
  };
}

/** Not every package exports its package.json, so the folders that hold packages are searched for it. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    const version = readVersion(join(folder, name, 'package.json'));
    if (version) return version;
  }
  throw new Error(`The package ${name} is not installed`);
}

function readVersion(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}
