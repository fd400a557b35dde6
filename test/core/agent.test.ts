import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '@distributed-architecture/core';
import { PipeAgents, throughAgent, type AgentOptions } from '../support/agents.js';
import { Fleet, WITHOUT_CACHE, fixture, program, slave } from '../support/fleet.js';
import { eventually, isAlive, stateOf } from '../support/processes.js';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';

/** Between a loss of an agent and the news of it nothing else takes longer than this many leases. */
const FENCE_IN_LEASES = 1.25;

const GRACE_MS = 2000;

function start(groups: readonly GroupOptions[], options: AgentOptions = {}) {
  const agents = new PipeAgents({ env: WITHOUT_CACHE, ...options });
  const fleet = new Fleet(groups, throughAgent(agents));
  return { agents, fleet };
}

function numberIn(line: string): number {
  return Number(/\d+/.exec(line)?.[0]);
}

/** Starts and exits; of agents that follow, the incarnations are counted from far higher. */
function livesOf(fleet: Fleet): string[] {
  const lives = fleet.events.filter((name) => name.startsWith('process_st'));
  return lives.map((name) => name.replace(/\.\d{4}/, '.later'));
}

/** When an event was told, and whether a process still lived then. */
function atEvent(fleet: Fleet, name: 'process_stopped' | 'process_started', pid: () => number | undefined) {
  const alive: boolean[] = [];
  fleet.launcher.on(name, () => void (pid() !== undefined && alive.push(isAlive(pid()!))));
  return alive;
}

describe('an agent over a plain pipe', () => {
  it('runs processes, tells what they do, and has ended when the master returns', async () => {
    const { agents, fleet } = start([slave('sleeps.mjs', { local: { instancesCount: 2 } })]);
    await fleet.says('sleeping', 2);
    expect(fleet.launcher.processes.map(({ state, host }) => `${state} ${host}`)).toEqual([
      'running localhost',
      'running localhost',
    ]);
    const gone = once(agents.current, 'exit');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(await gone).toEqual([0, null]);
    expect(fleet.texts[0]).toBe('Connected to host');
  });

  it('may be greeted by a shell first', async () => {
    const { fleet } = start([slave('sleeps.mjs')], { before: 'echo Welcome to this machine' });
    await fleet.says('sleeping');
    expect(fleet.texts[0]).toBe('Ignored a message that is none of ours: Welcome to this machine');
    await fleet.launcher.stop();
  });

  it('that cannot be started leaves its processes unreachable, and the master able to stop', async () => {
    const { fleet } = start([slave('sleeps.mjs')], { before: 'exit 3' });
    await fleet.says('Pipe connection failed: ', 2);
    expect(fleet.launcher.processes[0]?.state).toBe('unreachable');
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(livesOf(fleet)).toEqual([]);
  });

  it('asked to end by a signal stops everything cleanly, and its work starts again under the next', async () => {
    const { agents, fleet } = start([slave('sleeps.mjs')]);
    await fleet.says('sleeping');
    agents.current.kill('SIGTERM');
    await fleet.says('sleeping', 2);
    expect(fleet.texts.some((text) => text.startsWith('woke'))).toBe(true);
    await fleet.launcher.stop();
    expect(livesOf(fleet)).toEqual([
      'process_started 1.1',
      'process_stopped 1.1 stopped',
      'process_started 1.later',
      'process_stopped 1.later stopped',
    ]);
  });
});

describe('an agent that dies', () => {
  it('by kill -9 with work in flight: all of it ends, is lost, and starts again', async () => {
    const ignorant = program(`sh -c 'trap "" TERM; echo up $$; while :; do sleep 1000; done'`, { stopTimeout: 1 });
    const { agents, fleet } = start([slave('sleeps.mjs'), { ...ignorant, name: 'Program' }]);
    const pids = [numberIn(await fleet.says('sleeping')), numberIn(await fleet.says('up'))];
    const alive = pids.map((pid) => atEvent(fleet, 'process_stopped', () => pid));
    agents.current.kill('SIGKILL');
    await fleet.tells('process_stopped 1.1 lost');
    await fleet.tells('process_stopped 2.1 lost');
    expect(alive.flatMap((each) => each)).toEqual([false, false, false, false]);
    await fleet.says('sleeping', 2);
    await fleet.says('up', 2);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
    expect(livesOf(fleet)).toContain('process_started 1.later');
    expect(livesOf(fleet)).toContain('process_started 2.later');
  });
});

describe('a link that is cut without a goodbye', () => {
  it('lets the lease run: stop at half, then the agent ends, and the work starts again', async () => {
    const { agents, fleet } = start([slave('sleeps.mjs')], { lease: 2 });
    const pid = numberIn(await fleet.says('sleeping'));
    const cutAt = performance.now();
    const [first] = agents.started;
    const gone = once(first!, 'exit');
    first!.stdin.destroy();
    first!.stdout.destroy();
    await gone;
    expect(isAlive(pid)).toBe(false);
    expect(performance.now() - cutAt).toBeLessThan(2000 + GRACE_MS);
    await fleet.says('sleeping', 2);
    await fleet.launcher.stop();
    expect(livesOf(fleet)).toEqual([
      'process_started 1.1',
      'process_stopped 1.1 lost',
      'process_started 1.later',
      'process_stopped 1.later stopped',
    ]);
  });

  it('kills at the end of the lease what does not stop', async () => {
    const stubborn = slave('ignores-stop.mjs', { stopTimeout: 600, timeout: 0 });
    const { agents, fleet } = start([stubborn], { lease: 2 });
    await fleet.until('it runs', () => fleet.launcher.processes[0]?.state === 'running');
    const pid = fleet.launcher.processes[0]!.pid!;
    const cutAt = performance.now();
    agents.current.stdin.destroy();
    agents.current.stdout.destroy();
    await eventually('it is dead', () => !isAlive(pid));
    // The lease counts from a time up to a tenth of it, and what the way takes, before the cut.
    expect(performance.now() - cutAt).toBeGreaterThan(1500);
    expect(performance.now() - cutAt).toBeLessThan(2000 + GRACE_MS);
    await fleet.launcher.kill();
  });
});

describe('an agent that is frozen', () => {
  it('is lost after the fence; its slaves have ended by themselves by then', async () => {
    const lease = 2;
    const { agents, fleet } = start([slave('sleeps.mjs')], { lease });
    const pid = numberIn(await fleet.says('sleeping'));
    await eventually('it has the lease', () => fleet.launcher.processes[0]?.state === 'running');
    const alive = atEvent(fleet, 'process_stopped', () => pid);
    const frozen = agents.current;
    frozen.kill('SIGSTOP');
    await eventually('it is frozen', () => stateOf(frozen.pid!) === 'T');
    const frozenAt = performance.now();
    await fleet.tells('process_stopped 1.1 lost');
    expect(alive).toEqual([false]);
    expect(performance.now() - frozenAt).toBeGreaterThan(FENCE_IN_LEASES * lease * 1000);
    const gone = once(frozen, 'exit');
    frozen.kill('SIGCONT');
    await gone;
    await fleet.says('sleeping', 2);
    await fleet.launcher.stop();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('programs of an agent that is frozen', () => {
  it('are killed by its watchdog when the lease is over, before they are told as lost', async () => {
    const stubborn = program(`sh -c 'trap "" TERM; echo "$$ stubborn"; while :; do sleep 600; done'`, {
      name: 'Stubborn',
    });
    const { agents, fleet } = start([stubborn], { lease: 2 });
    const pid = numberIn(await fleet.says('stubborn'));
    await eventually('it has the lease', () => fleet.launcher.processes[0]?.state === 'running');
    const alive = atEvent(fleet, 'process_stopped', () => pid);
    const frozen = agents.current;
    frozen.kill('SIGSTOP');
    await eventually('it is frozen', () => stateOf(frozen.pid!) === 'T');
    await fleet.tells('process_stopped 1.1 lost');
    expect(alive).toEqual([false]);
    const gone = once(frozen, 'exit');
    frozen.kill('SIGCONT');
    await gone;
    await fleet.says('stubborn', 2);
    await fleet.launcher.kill();
  });
});

describe('a master that dies', () => {
  it('by kill -9: its remote processes stop within the lease, and the agent ends', async () => {
    const groups = [slave('sleeps.mjs', { local: { instancesCount: 2 } })];
    const args = [fixture('agent-master.mjs'), JSON.stringify({ groups, lease: 2 })];
    const master = new RunningProgram('node', args, { cwd: repository, env: { ...WITHOUT_CACHE } });
    await master.says('sleeping', 2);
    const killedAt = performance.now();
    master.send('SIGKILL', 'alone');
    await eventually('nothing is left', () => master.size === 0);
    expect(performance.now() - killedAt).toBeLessThan(2000 + GRACE_MS);
  });
});
