import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CHANNEL_FD, CHANNEL_VARIABLE, ROLE_VARIABLE } from '../channel/environment.js';
import type { ProcessSpec } from '../process/process-spec.js';

/** The environment of a process: the launcher's own, what the group adds, and what tells a slave that it is one. */
export function slaveEnvironment({ config, queue }: ProcessSpec): NodeJS.ProcessEnv {
  const role = { [ROLE_VARIABLE]: queue?.role ?? 'slave' };
  const env: NodeJS.ProcessEnv = { ...process.env, ...config.env, ...channelVariables(), ...role };
  return config.console === false ? env : withCompileCache(withFewArenas(env));
}

/** The environment of a program of ours that is no process of a fleet. */
export function programEnvironment(role: string): NodeJS.ProcessEnv {
  return withCompileCache(withFewArenas({ ...process.env, ...channelVariables(), [ROLE_VARIABLE]: role }));
}

/** One for slaves of ours; from the others a Node program makes its `process.send`. */
function channelVariables(): NodeJS.ProcessEnv {
  const fd = String(CHANNEL_FD);
  return { [CHANNEL_VARIABLE]: fd, NODE_CHANNEL_FD: fd, NODE_CHANNEL_SERIALIZATION_MODE: 'json' };
}

/**
 * glibc gives each of Node's threads a heap of its own; two for all save about 2.5 MB a slave, more than the compile
 * cache costs. Other C libraries take no notice.
 */
function withFewArenas(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { MALLOC_ARENA_MAX: '2', ...env };
}

/**
 * Node keeps compiled code of a slave's modules for its next start (a third of the boot of a Nest application). The
 * cache is the user's own, since whoever writes it decides what runs.
 */
function withCompileCache(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.NODE_COMPILE_CACHE !== undefined || env.NODE_DISABLE_COMPILE_CACHE !== undefined) return env;
  const folder = compileCacheFolder(env);
  return folder === undefined ? env : { ...env, NODE_COMPILE_CACHE: folder };
}

/** Undefined where it cannot be made. */
export function compileCacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  try {
    // A user without a name in the system and without $HOME has no home.
    const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'distributed-architecture', 'compile-cache');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    // A home that cannot be written costs the speed-up, nothing else.
    return undefined;
  }
}
