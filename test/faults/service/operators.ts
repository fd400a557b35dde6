import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '@distributed-architecture/core';
import type { Dice } from '../random.js';
import type { AnyGroup, FleetWorld } from './fleet-world.js';

export interface OperatorsPlan {
  readonly seconds: number;
  readonly dice: Dice;
  /** Whether processes of queue groups are killed as well. */
  readonly kills: boolean;
  readonly note: (text: string) => void;
}

/** So long a command may take: it waits for starts and stops of a few processes, or for a `start_timeout`. */
const LONGEST_MS = 90_000;

const OPERATORS = 2;

/** What an operator may be told when others are at work. */
const REFUSALS = new Set(['CHANGE_RUNNING', 'GROUP_UNKNOWN', 'CHANGE_FAILED']);

const PLAIN = ['Work', 'Last'];
const QUEUES = ['Queue', 'Demand'];

/** Several operators who know nothing of each other. @returns what went wrong */
export async function letOperate(world: FleetWorld, client: ControlClient, plan: OperatorsPlan): Promise<string[]> {
  const end = performance.now() + plan.seconds * 1000;
  const flaws: string[] = [];
  const operate = async (): Promise<void> => {
    while (performance.now() < end) {
      flaws.push(...(await carryOut(draw(world, client, plan), plan)));
      await delay(plan.dice.pause());
    }
  };
  await Promise.all(Array.from({ length: OPERATORS }, operate));
  return flaws;
}

interface Order {
  readonly name: string;
  readonly begin: () => Promise<unknown>;
}

async function carryOut({ name, begin }: Order, { note }: OperatorsPlan): Promise<string[]> {
  note(name);
  try {
    const result = await Promise.race([begin(), delay(LONGEST_MS, 'hangs' as const, { ref: false })]);
    note(`${name}: ${summaryOf(result)}`);
    return result === 'hangs' ? [`${name} hangs`] : [];
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    note(`${name}: ${code} ${message}`);
    return REFUSALS.has(code) ? [] : [`${name}: ${code} ${message}`];
  }
}

function summaryOf(result: unknown): string {
  const { completed, rolledBack, reason = '' } = (result ?? {}) as Readonly<Record<string, unknown>>;
  return completed === undefined ? 'done' : JSON.stringify({ completed, rolledBack, reason });
}

function draw(world: FleetWorld, client: ControlClient, { dice, kills }: OperatorsPlan): Order {
  const group = dice.pick([...PLAIN, ...QUEUES]);
  const force = dice.chance(0.3) && (kills || PLAIN.includes(group));
  const count = 1 + dice.below(4);
  return dice.pick<Order>([
    { name: `suspend ${group} ${force}`, begin: () => client.suspend(group, { force }) },
    { name: `resume ${group}`, begin: () => client.resume(group) },
    { name: `resume ${group}`, begin: () => client.resume(group) },
    { name: 'resume all', begin: () => client.resume() },
    { name: 'suspend all', begin: () => client.suspend() },
    { name: `restart ${group} ${force}`, begin: () => client.restart(group, { force }) },
    { name: `scale ${group} ${count}`, begin: () => client.scale(group, count) },
    { name: `scale ${group} ${count}`, begin: () => client.scale(group, count) },
    { name: `reload ${group}`, begin: () => client.reload({ group }) },
    { name: 'reload all', begin: () => client.reload() },
    { name: 'apply', begin: () => apply(world, client, dice) },
  ]);
}

function apply(world: FleetWorld, client: ControlClient, dice: Dice): Promise<unknown> {
  world.configure(drawGroups(world, dice));
  return client.reload({ configOnly: true });
}

/** Always the same queues, with other numbers; of the plain groups one may be missing. */
export function drawGroups(world: FleetWorld, dice: Dice): AnyGroup[] {
  const count = (): number => 1 + dice.below(3);
  const params = { lingerMs: dice.below(100), mark: dice.below(3) };
  const reload = { batch: count(), pause: dice.chance(0.3) ? 0.1 : 0 };
  const demand = { local: { minInstances: 0, maxInstances: 1 + count(), maxIdleTime: 0.5 } };
  return [
    world.workers('Work', count(), { params, reload, startTimeout: 30 }),
    ...(dice.chance(0.7) ? [world.workers('Last', count(), { params, dependsOn: ['Work'], startTimeout: 10 })] : []),
    { ...world.queue('Queue', count(), { concurrency: 4 }), reload },
    { ...world.queue('Demand', 1, { params: { itemMs: 20 } }), consumers: demand, reload },
  ];
}
