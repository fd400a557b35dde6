import { describe, expect, it } from 'vitest';
import { PipeAgents, throughAgent } from '../support/agents.js';
import { Fleet, WITHOUT_CACHE, fixture, program, slave } from '../support/fleet.js';
import { childrenOf, eventually, isAlive, procFile, stateOf } from '../support/processes.js';
import { RunningProgram } from '../setup/running-program.js';
import { repository } from '../setup/temporary-folder.js';

function pidIn(text: string): number {
  return Number(/up (\d+)/.exec(text)?.[1]);
}

describe('an agent that dies together with its watchdog', () => {
  it('leaves programs, which the next agent of the host ends before anything is told and started', async () => {
    const agents = new PipeAgents({ env: WITHOUT_CACHE });
    const stubborn = program(`sh -c 'trap "" TERM; echo up $$; while :; do sleep 600; done'`, { stopTimeout: 1 });
    const fleet = new Fleet([stubborn], throughAgent(agents));
    const pid = pidIn(await fleet.says('up'));
    const alive: boolean[] = [];
    for (const name of ['process_stopped', 'process_started'] as const)
      fleet.launcher.on(name, () => void alive.push(isAlive(pid)));
    const { pid: agent } = agents.current;
    const watchdog = childrenOf(agent!).find((child) => procFile(child, 'cmdline').includes('\0watch\0'));
    // Stopped first: it could start another meanwhile.
    agents.current.kill('SIGSTOP');
    await eventually('it is frozen', () => stateOf(agent!) === 'T');
    process.kill(watchdog!, 'SIGKILL');
    agents.current.kill('SIGKILL');
    await fleet.says('up', 2);
    expect(fleet.texts).toContain('Has ended with its agent, nobody saw how');
    expect(fleet.events.filter((name) => name.startsWith('process_stopped'))).toEqual(['process_stopped 1.1 lost']);
    expect(alive).toEqual([false, false]);
    await fleet.launcher.kill();
    expect(await fleet.end).toEqual({ exitCode: 0 });
  });
});

describe('a master that is frozen for more than half of the lease', () => {
  it('has its remote processes stopped, and started again by the same agent when it goes on', async () => {
    const groups = [slave('sleeps.mjs')];
    const args = [fixture('agent-master.mjs'), JSON.stringify({ groups, lease: 4 })];
    const master = new RunningProgram('node', args, { cwd: repository, env: { ...WITHOUT_CACHE } });
    await master.says('sleeping');
    const pid = Number(/sleeping (\d+)/.exec(master.output)?.[1]);
    master.send('SIGSTOP', 'alone');
    await eventually('half of the lease is over', () => !isAlive(pid));
    master.send('SIGCONT', 'alone');
    await master.says('sleeping', 2);
    expect(master.output).toMatch(/woke after .*Ended.*sleeping/s);
    expect(master.output.match(/Connected to host/g)).toHaveLength(1);
    master.send('SIGKILL', 'alone');
    await eventually('nothing is left', () => master.size === 0);
  });
});
