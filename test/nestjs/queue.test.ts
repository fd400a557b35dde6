import { describe, expect, it } from 'vitest';
import { fleet, Program, queueFleet } from './harness/program.js';

const WORDS = { command: 'app:words', params: { words: ['one', 'bad', 'two'] } };

describe.each(['queue-main', 'queue-factory-main'])('a queue group under %s', (main) => {
  it('hands out every item once, tells its feeder what became of each, and ends', async () => {
    const { exitCode, output } = await Program.run(main, ['run-master'], { yaml: queueFleet({ Words: WORDS }) });
    expect(output).toMatch(
      /\[Words\] \[localhost\] \[Feeder - app:words\/1\/1\] feeder is feeder\/feeder, group count 2/,
    );
    const feeder = output.match(/(?<=Feeder - app:words\/1\/1\] )(success|error) .*/g);
    expect(feeder?.toSorted()).toEqual([
      'error bad same=true TypeError: no such word: bad',
      'success one same=true',
      'success two same=true',
    ]);
    expect(exitCode).toBe(0);
  });

  it('has the number of the item in each line of its handling', async () => {
    const yaml = queueFleet({ Words: { ...WORDS, concurrency: 3 } });
    const { output } = await Program.run(main, ['run-master'], { yaml });
    const said = output.match(/(?<=\[Consumer - app:words\/2\/2\] ).*\b(ONE|BAD|TWO)\b.*/g);
    const of = (id: number, word: string) => [
      `[item ${id}] console ${word}`,
      `[item ${id}] second line ${word}`,
      `[item ${id}] stderr ${word}`,
      `[Words] [item ${id}] logger ${word}`,
      `[item ${id}] handler ${word} in consumer/consumer`,
      `[item ${id}] context ${word} attempt 1`,
    ];
    expect(said?.toSorted()).toEqual([...of(1, 'ONE'), ...of(2, 'BAD'), ...of(3, 'TWO')].toSorted());
  });

  it('is not run when preRunCheck says so, which is asked once, in the master', async () => {
    const yaml = queueFleet({ Refused: { command: 'app:refused-queue', concurrency: 4 }, Words: WORDS });
    const { exitCode, output } = await Program.run(main, ['run-master'], { yaml });
    expect(output.match(/checked Refused 4/g)).toHaveLength(1);
    expect(output).toContain('[Refused] [localhost] [app:refused-queue] Not run: preRunCheck refused');
    expect(output).not.toContain('must not');
    expect(output).toContain('success two');
    expect(exitCode).toBe(0);
  });

  it('finishes what has begun when it is stopped in the midst, and gives back the rest', async () => {
    const queue = { command: 'app:endless', concurrency: 3, consumers: { local: { instances_count: 2 } } };
    const program = await Program.start(main, ['run-master'], { yaml: queueFleet({ Endless: queue }) });
    await program.says('success 20');
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    const ids = (word: string) =>
      program.lines.flatMap((line) => line.match(`\\b${word} (\\d+)$`)?.[1] ?? []).toSorted();
    expect(ids('finished')).toEqual(ids('begun'));
    expect(ids('success')).toEqual(ids('begun'));
    expect(program.output).not.toMatch(/\berror \d+:|Timeout reached/);
  });

  it('hands out at once what comes after its feeder was empty, when it wakes it', async () => {
    const yaml = queueFleet({ Wakes: { command: 'app:wakes', poll_interval: 60 } });
    const { exitCode, output } = await Program.run(main, ['run-master'], { yaml });
    expect(output).toContain('handled late item');
    expect(exitCode).toBe(0);
  });

  it('handles each item by an instance of its own where something has request scope', async () => {
    const queue = { command: 'app:scoped-words', concurrency: 3, params: { words: ['a', 'b', 'c'] } };
    const { exitCode, output } = await Program.run(main, ['run-master'], { yaml: queueFleet({ Q: queue }) });
    const notes = output.match(/notes of .*/g);
    expect(notes?.toSorted()).toEqual(['notes of a: a', 'notes of b: b', 'notes of c: c']);
    expect(exitCode).toBe(0);
  });
});

describe('a queue group', () => {
  it('publishes what becomes of each item in its consumers only; a listener that fails harms nothing', async () => {
    const yaml = queueFleet({ Words: WORDS });
    const { exitCode, output } = await Program.run('queue-events-main', ['run-master'], { yaml });
    const events = output.match(/(?<=\] )event .*/g);
    expect(events?.toSorted()).toEqual([
      'event failed bad in consumer: TypeError: no such word: bad',
      'event handled one in consumer',
      'event handled two in consumer',
      'event received bad in consumer of Words',
      'event received one in consumer of Words',
      'event received two in consumer of Words',
    ]);
    expect(output.match(/queue_item_received failed: listener is broken/g)).toHaveLength(3);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['the command of a group', 'app:say', 'Command "app:say" is no slave queue command'],
    ['a command without a feeder', 'app:no-feeder', 'Command "app:no-feeder" has no getFeeder'],
  ])('fails with %s', async (_title, command, message) => {
    const yaml = queueFleet({ Q: { command, restart: 'never' } });
    const { exitCode, output } = await Program.run('queue-main', ['run-master'], { yaml });
    expect(output).toContain(message);
    expect(exitCode).toBe(1);
  });
});

describe('the command of a queue group', () => {
  it('may not be run by a group', async () => {
    const yaml = fleet({ G: { command: 'app:words' } });
    const { exitCode, output } = await Program.run('queue-main', ['run-master'], { yaml });
    expect(output).toContain('Group "G" runs the command of a queue group: it has to stand in queue_groups');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['queue-main', 64],
    ['queue-factory-main', 64],
  ])('says how it is to be run when it is started by hand (%s)', async (main, expected) => {
    const { exitCode, output } = await Program.run(main, ['app:words']);
    expect(output).toContain('runs under a launcher only: name its command in queue_groups and start run-master');
    expect(exitCode).toBe(expected);
  });
});
