import type { SimRun } from '../sim-run.js';
import { isExcepted, type Published, type Rule, type RuleMaker } from './rule.js';

interface Told {
  last: number;
  open: boolean;
}

/** Every start has exactly one exit, in order, and when a launcher says that an incarnation is over, it is. */
export const exits: RuleMaker = (world, fail): Rule => {
  /** Of an agent that was lost, some starts may never be told. */
  const isWrong = (last: number, next: number): boolean => (world.schedule.remote ? next <= last : next !== last + 1);

  const told = new Map<SimRun, Map<number, Told>>();
  const of = ({ run, id }: Published): Told | undefined => told.get(run)?.get(id);

  function created(event: Published): void {
    if (!told.has(event.run)) told.set(event.run, new Map());
    if (of(event) !== undefined) fail('one-exit', `${event.id} is created twice`);
    told.get(event.run)!.set(event.id, { last: 0, open: false });
  }

  function startedOnce(event: Published): void {
    const process = of(event);
    if (process === undefined || process.open || isWrong(process.last, event.number)) {
      fail(
        'one-exit',
        `started ${event.id}.${event.number} after ${process?.open ? 'started' : 'stopped'} ${process?.last}`,
      );
    } else Object.assign(process, { last: event.number, open: true });
  }

  function stoppedOnce(event: Published): void {
    const process = of(event);
    const never = event.exit?.reason === 'spawn-failed';
    const expected = process !== undefined && (never ? !process.open : process.open);
    if (!expected || (never ? isWrong(process.last, event.number) : event.number !== process.last)) {
      fail('one-exit', `stopped ${event.id}.${event.number} (${event.exit?.reason}), last ${process?.last}`);
    } else Object.assign(process, { last: event.number, open: false });
  }

  function isOver({ run, id, number }: Published): void {
    const candidates = run.of(id).filter((each) => each.lives && each.number <= number);
    const living = candidates.filter(
      (each) => !isExcepted(each, world.now) && !(world.schedule.remote && each.tenancy.watchdogLost),
    );
    if (living.length > 0) fail('over-means-dead', `${id}.${number} is said to be over, but ${living[0]!.name} lives`);
  }

  return {
    published(event) {
      if (event.name === 'process_created') created(event);
      if (event.name === 'process_started') startedOnce(event);
      if (event.name !== 'process_stopped') return;
      stoppedOnce(event);
      isOver(event);
    },
    ended(run) {
      for (const [id, { open, last }] of told.get(run) ?? []) {
        if (open && !run.abandoned) fail('one-exit', `the run has ended, but no exit of ${id}.${last} was told`);
      }
      if (world.schedule.remote !== undefined || run.abandoned) return;
      for (const { name, exitHeardAt, members } of run.incarnations) {
        if (members.length > 0 && exitHeardAt === undefined) fail('one-exit', `the run has ended before ${name}`);
      }
    },
  };
};
