import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { endMarkedProcesses } from './marked-processes.ts';

/** Node's cache of compiled code, wherever the temporary folder is. */
const NOT_OURS = ['node-compile-cache', 'cache'];

/** Processes that the run has started and left. They are killed, and described. */
export async function leftProcesses(mark) {
  const left = await endMarkedProcesses(mark);
  return left.map(({ pid, command }) => `left behind: ${pid} ${command}`);
}

export function leftFiles(folder) {
  return readdirSync(folder)
    .filter((name) => !NOT_OURS.includes(name))
    .map((name) => `left in the temporary folder: ${name}`);
}

/** Changed and unknown files; none where there is no repository, as in an unpacked archive. */
export function gitStatus(root) {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], options).split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/**
 * Named network namespaces, network interfaces and mounts of this machine. Namespaces without a name are gone with their
 * last process.
 */
export function machineState() {
  const names = (folder) => (existsSync(folder) ? readdirSync(folder) : []);
  const mounts = existsSync('/proc/self/mounts') ? readFileSync('/proc/self/mounts', 'utf8').split('\n') : [];
  return [
    ...names('/run/netns').map((name) => `network namespace ${name}`),
    ...names('/sys/class/net').map((name) => `network interface ${name}`),
    ...mounts.filter(Boolean).map((mount) => `mount ${mount}`),
  ];
}
