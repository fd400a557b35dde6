/*
 * Shows that the judges of the other tests of this folder see what they are there for.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FleetWorld } from '../faults/service/fleet-world.js';
import { eventually } from '../support/processes.js';

function world(): FleetWorld {
  const made = new FleetWorld();
  onTestFinished(() => void made.remove());
  return made;
}

describe('the judge of lives sees', () => {
  it('two owners of a part, and processes of another run', async () => {
    const made = world();
    made.configure([made.workers('Work', 2)]);
    const first = await made.start();
    await first.says('is up', 2);
    expect(made.meetings).toEqual([]);
    // By another name it is another fleet: nobody keeps it from running as well.
    const second = await made.start({ name: 'other' });
    await second.says('is up', 2);
    // Each of the second run meets both of the first.
    expect(made.meetings).toHaveLength(4);
    expect([await first.stop(), await second.stop()]).toEqual([0, 0]);
    expect(await made.remove()).toEqual([]);
  });

  it('what is left', async () => {
    const made = world();
    const sleeper = `
      import { spawn } from 'node:child_process';
      spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();`;
    made.swap('master', `${sleeper}\n${readFileSync(join(made.folder, 'app/master.mjs'), 'utf8')}`);
    made.configure([made.workers('Work', 1)]);
    const master = await made.start();
    expect(await master.stop()).toBe(0);
    expect(await made.remove({ withinMs: 500 })).toEqual([expect.stringMatching(/^left: \d+ sleep 600/u)]);
  });
});

describe('the judge of items sees', () => {
  const HANDLED = 'appendFileSync(file(`${process.pid}.handled`)';
  const EACH_TENTH = 'if (number % 10 === 3)';
  it.each([
    [
      'one that is handled twice',
      `${EACH_TENTH} ${HANDLED}, \`\${number} whole\\n\`); ${HANDLED}`,
      'handled 2, answered 1',
    ],
    ['one that was answered, yet not handled', `if (number % 10 !== 3) ${HANDLED}`, 'handled 0, answered 1'],
    ['one that has failed', `${EACH_TENTH} throw new Error('fails'); ${HANDLED}`, 'answered 0, lost 1'],
  ])('%s', async (_what, sabotage, flaw) => {
    const made = world();
    const program = readFileSync(join(made.folder, 'app/queue.mjs'), 'utf8');
    made.swap('queue', program.replace(HANDLED, sabotage));
    made.configure([made.queue('Queue', 2)]);
    const master = await made.start();
    const items = made.items('Queue');
    await eventually('some are answered', () => items.answered.length > 30);
    items.enough();
    await eventually('all are answered', () => made.processes.every(({ command }) => !command.includes('queue.mjs')));
    expect(items.flaws()).toContainEqual(expect.stringContaining(flaw));
    expect(items.flaws().length).toBeLessThan(items.answered.length / 5);
    expect(await master.stop()).toBe(0);
  });

  it('one that was never answered, one that was answered twice, and one that has changed', async () => {
    const made = world();
    const [items, file] = [made.items('Queue'), (name: string): string => join(made.ledger, `Queue.${name}`)];
    appendFileSync(file('7.handled'), '1 whole\n2 whole\n3 whole\n4 spoilt\n');
    appendFileSync(file('answered'), '1\n3\n3\n4\n');
    const flaws = ['4 spoilt', '2: handled 1, answered 0, lost 0 times', '3: handled 1, answered 2, lost 0 times'];
    expect(items.flaws()).toEqual(flaws);
    // Whoever was killed may lose, but not forget.
    expect(items.flaws({ killed: true })).toEqual(flaws);
  });
});
