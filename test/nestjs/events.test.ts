import { describe, expect, it } from 'vitest';
import { fleet, Program } from './harness/program.js';

const yaml = fleet({ Talkers: { command: 'app:say', params: { text: 'hello' } } });

describe.each(['events-main', 'wildcard-main'])('events of %s', (main) => {
  it('arrive in order; listeners that fail are logged once with the name of the event and harm nothing', async () => {
    const { exitCode, lines, output } = await Program.run(main, ['run-master'], { yaml });
    expect(exitCode).toBe(0);
    expect(lines.filter((line) => /^(event|once|any)/.test(line))).toEqual([
      'event master_starting isMaster=true groups=Talkers',
      'event process_created app:say/1/1',
      'event process_started app:say/1/1 incarnation=1',
      'event after the broken listener',
      'event master_started',
      'once: first line',
      'event process_running console says hello',
      'event process_stopped code=0 reason=ended',
      'any: master_stopped',
      'event master_stopped',
    ]);
    const failed = 'A listener of distributed_architecture.master_started failed: ';
    expect(output.split(`${failed}Error: raw listener is broken`)).toHaveLength(2);
    expect(output.split(`${failed}decorated listener is broken`)).toHaveLength(2);
  });
});

describe('a listener by a pattern', () => {
  it('gets every event', async () => {
    const { lines } = await Program.run('wildcard-main', [], { yaml });
    const names = new Set(lines.filter((line) => line.startsWith('wildcard ')).map((line) => line.slice(9)));
    expect([...names]).toEqual([
      'MasterStartingEvent',
      'ProcessCreatedEvent',
      'ProcessStartedEvent',
      'MasterStartedEvent',
      'ProcessRunningEvent',
      'ProcessStoppedEvent',
      'MasterStoppedEvent',
    ]);
  });
});
