import type { Launcher, QueueView } from '@distributed-architecture/core';

type Shown = Pick<Launcher, 'groups' | 'processes' | 'queues'>;

const MB = 1_048_576;

/** What a master does at this moment: a line each group, one of all. */
export function describeStatistics(launcher: Shown): string[] {
  const states = new Map<string, Map<string, number>>(launcher.groups.map((group) => [group, new Map()]));
  const all = new Map<string, number>();
  for (const { group, state } of launcher.processes) {
    count(all, state);
    count(states.get(group) ?? all, state);
  }
  const queues = new Map(launcher.queues.map((queue) => [queue.group, queue]));
  const lines = [...states].map(([group, counts]) => {
    const queue = queues.get(group);
    return `Group ${group}: ${list(counts)}${queue === undefined ? '' : `; ${queueText(queue)}`}`;
  });
  return [...lines, `All ${launcher.processes.length} processes: ${list(all)}; ${own()}`];
}

function count(counts: Map<string, number>, state: string): void {
  counts.set(state, (counts.get(state) ?? 0) + 1);
}

function list(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'none';
  return [...counts].map(([state, number]) => `${number} ${state}`).join(', ');
}

function queueText({ waiting, held, done, failed }: QueueView): string {
  return `items: ${waiting} waiting, ${held} held, ${done} done, ${failed} failed`;
}

function own(): string {
  const rss = Math.round(process.memoryUsage.rss() / MB);
  return `this master: up ${Math.round(process.uptime())} s, ${rss} MB`;
}
