import { describe, expect, it } from 'vitest';
import { fleet, Program } from './harness/program.js';

const NOT_READY = 'Timeout reached while waiting for readiness...';
const SILENT = 'Timeout reached while waiting for data...';

describe.each(['readiness-main', 'readiness-factory-main'])('under %s', (main) => {
  it.each(['app:prepares', 'app:prepares-too'])(
    '%s delays its readiness: its silence counts from then on, and what depends on it waits for it',
    async (command) => {
      const params = { preparationMs: 1500 };
      const yaml = fleet({
        Dependent: { command: 'app:ready-twice', depends_on: ['Preparing'] },
        Preparing: { command, timeout: 1, params },
      });
      const { exitCode, output } = await Program.run(main, ['run-master'], { yaml });
      expect(exitCode).toBe(0);
      expect(output).not.toContain(SILENT);
      expect(output.indexOf('was ready before')).toBeGreaterThan(output.indexOf('] prepared'));
      expect(output).toContain('] prepared');
    },
  );

  it('what never says that it is ready is killed after start_timeout', async () => {
    const yaml = fleet({ G: { command: 'app:never-ready', start_timeout: 4 } });
    const { exitCode, output } = await Program.run(main, ['run-master'], { yaml });
    expect(exitCode).toBe(1);
    expect(output).toContain('preparing for ever');
    expect(output).toContain(NOT_READY);
  });
});
