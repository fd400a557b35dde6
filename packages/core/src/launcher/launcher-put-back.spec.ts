import { describe, expect, it } from 'vitest';
import type { GroupOptions } from '../config/group-config.js';
import type { QueueGroupOptions } from '../config/queue-group-options.js';
import { placeProcesses } from '../placement/place-processes.js';
import { group } from '../testing/process-specs.js';
import { PlainFleet } from './fleet.spec.helper.js';
import { queueGroup } from './queue-fleet.spec.helper.js';

const PAIR = group({ name: 'Pair', local: { instancesCount: 2 } });
const OTHER = group({ name: 'Other' });

const retire = (...ids: number[]) => ({ type: 'retire', ids, force: false }) as const;

function putBack(firstId: number, ...groups: (GroupOptions | QueueGroupOptions)[]) {
  return { type: 'put-back', specs: placeProcesses(groups, { firstId }).specs } as const;
}

describe('a group that is put back', () => {
  it('starts when the last of its old processes is gone, not before', () => {
    const fleet = PlainFleet.running([OTHER, PAIR]);
    fleet.apply(retire(2, 3));
    fleet.exit(2);
    expect(fleet.apply(putBack(4, PAIR))).toEqual([]);
    expect(fleet.exit(3)).toEqual(['process_stopped 3', 'forget 3', 'added 4,5']);
    expect(fleet.tick()).toEqual(['spawn 4', 'spawn 5']);
    expect([...fleet.state.returning]).toEqual([]);
  });

  it('of which nothing is left starts at once', () => {
    const fleet = PlainFleet.running([OTHER]);
    expect(fleet.apply(putBack(2, PAIR))).toEqual(['added 2,3']);
  });

  it('is not missing to a launcher that has nothing else', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply({ type: 'change', begins: true });
    fleet.apply(retire(1, 2));
    fleet.apply(putBack(3, PAIR));
    fleet.apply({ type: 'change', begins: false });
    fleet.exit(1);
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'forget 2', 'added 3,4']);
  });

  it('with its feeder waits for both', () => {
    const fleet = PlainFleet.running([queueGroup()]);
    fleet.apply(retire(1));
    fleet.apply(putBack(4, queueGroup()));
    for (const id of [2, 3]) fleet.exit(id);
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'forget 1', 'added 4,5,6']);
    expect(fleet.tick()).toEqual(['spawn 4', 'spawn 5', 'spawn 6']);
  });

  it('does not come when it is retired again', () => {
    const fleet = PlainFleet.running([OTHER, PAIR]);
    fleet.apply(retire(2, 3));
    fleet.apply(putBack(4, PAIR));
    fleet.apply(retire(2, 3));
    fleet.exit(2);
    expect(fleet.exit(3)).toEqual(['process_stopped 3', 'forget 3']);
  });

  it.each(['before', 'after'])('stays suspended, also when that was %s its last process has ended', (when) => {
    const fleet = PlainFleet.running([OTHER, PAIR]);
    const suspend = (): unknown => fleet.apply({ type: 'suspend', groups: ['Pair'], force: false });
    if (when === 'before') suspend();
    fleet.apply(retire(2, 3));
    fleet.apply(putBack(4, PAIR));
    if (when === 'after') suspend();
    for (const id of [2, 3]) fleet.exit(id);
    expect(fleet.states).toBe('running,suspended,suspended');
    fleet.apply({ type: 'resume', groups: ['Pair'] });
    fleet.tick();
    expect(fleet.states).toBe('running,starting,starting');
  });

  it('is waited for by what depends on it', () => {
    const fleet = PlainFleet.running([OTHER]);
    fleet.apply(retire(1));
    fleet.apply(putBack(2, OTHER));
    fleet.apply({ type: 'add', specs: placeProcesses([{ ...PAIR, dependsOn: ['Other'] }], { firstId: 3 }).specs });
    expect(fleet.exit(1)).toEqual(['process_stopped 1', 'forget 1', 'added 2']);
    fleet.tick();
    expect(fleet.states).toBe('waiting,waiting,starting');
    expect(fleet.boot(2)).toEqual(['process_started 2', 'spawn 3', 'spawn 4']);
  });

  it('does not come in a stop', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply(retire(1, 2));
    fleet.apply(putBack(3, PAIR));
    fleet.apply({ type: 'stop' });
    expect(fleet.apply(putBack(5, PAIR))).toEqual([]);
    fleet.exit(1);
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'forget 2', 'finish 0']);
  });

  it('comes with all others when a service starts all again', () => {
    const fleet = PlainFleet.running([OTHER, PAIR], { maxRunningTimeMs: 60_000 }, { service: true });
    fleet.apply(retire(2, 3));
    fleet.apply(putBack(4, PAIR));
    fleet.tick(60_000);
    for (const id of [1, 2]) fleet.exit(id);
    expect(fleet.exit(3)).toEqual(['process_stopped 3', 'forget 3', 'added 4,5']);
    expect(fleet.tick()).toEqual(['spawn 1', 'spawn 4', 'spawn 5']);
  });
});
