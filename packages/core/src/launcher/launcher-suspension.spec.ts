import { describe, expect, it } from 'vitest';
import { group } from '../testing/process-specs.js';
import { PlainFleet } from './fleet.spec.helper.js';
import { consumerGone, deeds, NO_DEMAND, onDemand, QueueFleet, queueGroup, ready } from './queue-fleet.spec.helper.js';

const PAIR = group({ name: 'Pair', local: { instancesCount: 2 } });
const OTHER = group({ name: 'Other' });
const SUSPEND = { type: 'suspend', groups: ['Pair'], force: false } as const;
const RESUME = { type: 'resume', groups: ['Pair'] } as const;

describe('a group that is suspended', () => {
  it('is asked to stop, and nothing of it starts again', () => {
    const fleet = PlainFleet.running([{ ...PAIR, restart: 'always' }, OTHER]);
    expect(fleet.apply(SUSPEND)).toEqual(['ask-to-stop 1', 'ask-to-stop 2']);
    expect([fleet.exit(1), fleet.exit(2, 1)]).toEqual([['process_stopped 1'], ['process_stopped 2']]);
    expect(fleet.states).toBe('suspended,suspended,running');
  });

  it('twice is suspended once', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply(SUSPEND);
    expect(fleet.apply(SUSPEND)).toEqual([]);
  });

  it('by force is killed, also when it was asked before', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply(SUSPEND);
    expect(fleet.apply({ ...SUSPEND, force: true })).toEqual(['kill 1', 'kill 2']);
    fleet.exit(1, null);
    expect(fleet.states).toBe('suspended,stopping');
  });

  it('by force is killed, also what of it is leaving for good', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply({ type: 'retire', ids: [1], force: false });
    expect(fleet.apply({ ...SUSPEND, force: true })).toEqual(['ask-to-stop 2', 'kill 1', 'kill 2']);
  });

  it('before it was started is started when it is resumed, in boot slots', () => {
    const fleet = new PlainFleet([PAIR, OTHER], { bootSlots: 1 });
    fleet.apply({ type: 'run' });
    fleet.apply({ ...SUSPEND, force: true });
    expect(fleet.boot(1)).toContain('kill 1');
    fleet.exit(1, null);
    expect(fleet.states).toBe('suspended,suspended,starting');
    fleet.boot(3);
    expect(fleet.apply(RESUME)).toEqual(['spawn 1']);
    expect(fleet.boot(1)).toEqual(['process_started 1', 'spawn 2']);
  });

  it('keeps nobody waiting for master_started', () => {
    const fleet = new PlainFleet([PAIR, OTHER], { bootSlots: 1 });
    fleet.apply({ type: 'run' });
    fleet.boot(1);
    expect(fleet.boot(2)).toEqual(['process_started 2', 'spawn 3']);
    expect(fleet.apply({ type: 'suspend', groups: ['Other'], force: false })).toEqual(['ask-to-stop 3']);
    expect(fleet.to(3, { type: 'spawned', pid: 3 })).toEqual(['process_started 3', 'master_started']);
  });

  it('before what it depends on was ready waits for that again when it is resumed', () => {
    const fleet = new PlainFleet([OTHER, { ...PAIR, dependsOn: ['Other'] }]);
    fleet.apply({ type: 'run' });
    fleet.apply(SUSPEND);
    expect(fleet.boot(1)).toEqual(['process_started 1', 'master_started']);
    expect(fleet.states).toBe('running,suspended,suspended');
    expect(fleet.apply(RESUME)).toEqual(['spawn 2', 'spawn 3']);
    const waiting = new PlainFleet([OTHER, { ...PAIR, dependsOn: ['Other'] }]);
    waiting.apply({ type: 'run' });
    waiting.apply(SUSPEND);
    expect(waiting.apply(RESUME)).toEqual([]);
    expect(waiting.states).toBe('starting,waiting,waiting');
    expect(waiting.boot(1)).toContain('spawn 3');
  });

  it('leaves what depends on it alone', () => {
    const fleet = PlainFleet.running([OTHER, { ...PAIR, dependsOn: ['Other'] }]);
    expect(fleet.states).toBe('running,running,running');
    expect(fleet.apply({ type: 'suspend', groups: ['Other'], force: false })).toEqual(['ask-to-stop 1']);
    fleet.exit(1);
    expect(fleet.states).toBe('suspended,running,running');
  });

  it('by force kills also what is retiring', () => {
    const fleet = PlainFleet.running([PAIR, OTHER]);
    fleet.apply({ type: 'change', begins: true });
    expect(fleet.apply({ type: 'retire', ids: [1, 2], force: false })).toEqual(['ask-to-stop 1', 'ask-to-stop 2']);
    expect(fleet.apply({ type: 'suspend', groups: ['Pair'], force: true })).toEqual(['kill 1', 'kill 2']);
  });

  it('keeps the launcher from its end, and from its own timeout', () => {
    const fleet = PlainFleet.running([PAIR], { timeoutMs: 1000 });
    fleet.apply(SUSPEND);
    fleet.exit(1);
    expect(fleet.exit(2)).toEqual(['process_stopped 2']);
    expect(fleet.deadline).toBe(Infinity);
    expect(fleet.tick(1e6)).toEqual([]);
  });

  it('keeps it from its end also when it has ended by itself before', () => {
    const fleet = PlainFleet.running([group({ name: 'Pair' })]);
    fleet.apply(SUSPEND);
    fleet.exit(1);
    expect(fleet.apply({ type: 'stop' })).toEqual(['finish 0']);
  });

  it('is stopped with all others', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply(SUSPEND);
    fleet.exit(1);
    expect(fleet.apply({ type: 'stop' })).toEqual([]);
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'finish 0']);
  });
});

describe('a group that is resumed', () => {
  it('starts again, as its next incarnation', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.apply(SUSPEND);
    fleet.exit(1);
    expect(fleet.apply(RESUME)).toEqual(['spawn 1']);
    expect(fleet.state.processes.get(1)?.incarnation).toBe(2);
    fleet.exit(2);
    expect(fleet.tick()).toEqual(['spawn 2']);
  });

  it('that was not suspended is left alone', () => {
    const fleet = PlainFleet.running([PAIR]);
    expect(fleet.apply(RESUME)).toEqual([]);
    expect(fleet.states).toBe('running,running');
  });

  it('and suspended again before its turn starts nothing', () => {
    const fleet = PlainFleet.running([PAIR, OTHER], { bootSlots: 1 });
    fleet.apply(SUSPEND);
    fleet.exit(1);
    fleet.exit(2);
    expect(fleet.apply(RESUME)).toEqual(['spawn 1']);
    fleet.apply({ ...SUSPEND, force: true });
    expect(fleet.exit(1, null)).toEqual(['process_stopped 1']);
    expect(fleet.states).toBe('suspended,suspended,running');
  });

  it('lets what has ended by itself rest', () => {
    const fleet = PlainFleet.running([PAIR]);
    fleet.exit(1);
    fleet.apply(SUSPEND);
    fleet.exit(2);
    expect(fleet.apply(RESUME)).toEqual(['spawn 2']);
    expect(fleet.stateOf(1)).toBe('stopped');
  });
});

describe('a queue group that is suspended', () => {
  const suspend = { type: 'suspend', groups: ['Queue'], force: false } as const;
  const resume = { type: 'resume', groups: ['Queue'] } as const;

  it('stops its consumers first, then the feeder', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply(suspend))).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1)]);
    expect(deeds(fleet.exit(3))).toEqual([consumerGone(3, 1), 'ask-to-stop 1']);
    expect(deeds(fleet.exit(1))).toEqual([]);
    expect(fleet.states).toBe('suspended,suspended,suspended');
  });

  it('by force is killed at once', () => {
    const fleet = QueueFleet.running(queueGroup());
    expect(deeds(fleet.apply({ ...suspend, force: true })).filter((each) => each.startsWith('kill'))).toEqual([
      'kill 1',
      'kill 2',
      'kill 3',
    ]);
    for (const id of [1, 2, 3]) fleet.die(id);
    expect(fleet.states).toBe('suspended,suspended,suspended');
  });

  it('starts nothing on demand, and only what ran when it is resumed', () => {
    const fleet = QueueFleet.running(onDemand({ minInstances: 1, maxInstances: 3 }));
    fleet.apply(suspend);
    expect(deeds(fleet.demand({ waiting: 100, clearMs: 1e6 }))).toEqual([]);
    expect(deeds(fleet.exit(2))).toEqual([consumerGone(2, 1), 'ask-to-stop 1']);
    fleet.exit(1);
    expect(fleet.states).toBe('suspended,suspended,created,created');
    expect(deeds(fleet.apply(resume))).toEqual(['spawn 2']);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 1']);
    fleet.boot(2);
    expect(deeds(fleet.boot(1))).toEqual([ready(2, 2)]);
  });

  it('while its feeder waits for its restart is suspended without another start', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.die(1);
    fleet.apply(suspend);
    expect(fleet.stateOf(1)).toBe('suspended');
    fleet.exit(2);
    fleet.exit(3);
    expect(deeds(fleet.wait(60_000))).toEqual([]);
    expect(fleet.states).toBe('suspended,suspended,suspended');
  });

  it('resumed in the middle goes on with what has stopped', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply(suspend);
    fleet.exit(2);
    expect(deeds(fleet.apply(resume))).toEqual(['spawn 2']);
    fleet.exit(3);
    expect(deeds(fleet.wait(0))).toEqual(['spawn 3']);
    expect(fleet.stateOf(1)).toBe('running');
  });

  it('is stopped with all others', () => {
    const fleet = QueueFleet.running(queueGroup());
    fleet.apply(suspend);
    fleet.exit(2);
    expect(deeds(fleet.apply({ type: 'stop' }))).toEqual([]);
    expect(deeds(fleet.exit(3)).at(-1)).toBe('ask-to-stop 1');
    expect(deeds(fleet.exit(1))).toEqual(['finish 0']);
  });
});

describe('a service', () => {
  it('stays when all have ended', () => {
    const fleet = PlainFleet.running([PAIR], {}, { service: true });
    fleet.exit(1);
    expect(fleet.exit(2)).toEqual(['process_stopped 2']);
    expect(fleet.apply({ type: 'stop' })).toEqual(['finish 0']);
  });

  it('stops all after its running time and starts all again, what depends on others after those', () => {
    const fleet = PlainFleet.running(
      [OTHER, { ...PAIR, dependsOn: ['Other'] }],
      { maxRunningTimeMs: 5000 },
      { service: true },
    );
    expect(fleet.tick(5000)).toEqual(['ask-to-stop 2', 'ask-to-stop 3']);
    fleet.exit(2);
    expect(fleet.exit(3)).toEqual(['process_stopped 3', 'ask-to-stop 1']);
    expect(fleet.exit(1)).toEqual(['process_stopped 1']);
    expect([fleet.deadline, fleet.tick()]).toEqual([0, ['spawn 1']]);
    expect(fleet.states).toBe('starting,waiting,waiting');
    expect(fleet.boot(1)).toEqual(['process_started 1', 'spawn 2', 'spawn 3']);
    expect(fleet.state.processes.get(3)?.incarnation).toBe(2);
    expect(fleet.deadline).toBe(10_000);
  });

  it('stopped meanwhile does not start again', () => {
    const fleet = PlainFleet.running([PAIR], { maxRunningTimeMs: 5000 }, { service: true });
    fleet.tick(5000);
    fleet.exit(1);
    fleet.apply({ type: 'stop' });
    expect(fleet.exit(2)).toEqual(['process_stopped 2', 'finish 0']);
  });

  it('leaves suspended what was, and starts what has failed', () => {
    const fleet = PlainFleet.running([PAIR, OTHER], { maxRunningTimeMs: 5000 }, { service: true });
    fleet.apply(SUSPEND);
    fleet.exit(1);
    fleet.exit(2);
    fleet.exit(3, 1);
    expect(fleet.stateOf(3)).toBe('failed');
    fleet.tick(5000);
    expect(fleet.tick()).toEqual(['spawn 3']);
    expect(fleet.states).toBe('suspended,suspended,starting');
    expect(fleet.apply(RESUME)).toEqual(['spawn 1', 'spawn 2']);
  });

  it('starts the feeder, and of consumers on demand the least', () => {
    const group = onDemand({ minInstances: 1, maxInstances: 3 });
    const fleet = PlainFleet.running([group], { maxRunningTimeMs: 5000 }, { service: true });
    fleet.apply({ type: 'queue', id: 1, message: { ...NO_DEMAND, waiting: 100, clearMs: 1e6 } });
    fleet.bootAll();
    expect(fleet.states).toBe('running,running,running,created');
    fleet.tick(5000);
    for (const id of [2, 3]) fleet.exit(id);
    fleet.exit(1);
    expect(fleet.tick()).toEqual(['spawn 1', 'spawn 2']);
    expect(fleet.states).toBe('starting,starting,created,created');
  });
});
