import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** No step may hang for ever: the whole run is meant to take less than ten minutes. */
const LONGEST_STEP_MS = 15 * 60_000;

/** Runs a program with its output shown as it comes; resolves with its exit code, or null when a signal ended it. */
export async function runProgram({ root, env }, program, args, more = {}) {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...env, ...more },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: LONGEST_STEP_MS,
  });
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward).on('SIGINT', forward);
  try {
    const [code, signal] = await once(child, 'close');
    if (signal) console.log(`${program} was ended by ${signal}`);
    return code;
  } finally {
    process.off('SIGTERM', forward).off('SIGINT', forward);
  }
}

/** A program whose exit code is the whole answer counts as one check. */
export async function runCommand(context, program, args) {
  const code = await runProgram(context, program, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
