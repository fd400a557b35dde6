import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { freePort } from '../support/ports.js';
import { Program } from './harness/program.js';

it.each(['health-main', 'health-factory-main'])(
  'an indicator in a slave knows its launcher, and the master by pid file and metrics port (%s)',
  async (main) => {
    const port = await freePort();
    const name = `health-${randomUUID()}`;
    const params = {
      launcher: {},
      'by pid file': { pidFile: `var/${name}.pid` },
      'over TCP': { url: `http://localhost:${port}` },
    };
    const group = { command: 'app:health', local: { instances_count: 1 }, params };
    const fleet = { name, metrics: { port }, pid_path: 'var/', groups: { G: group } };
    const yaml = JSON.stringify({ distributed_architecture: fleet });
    const { exitCode, output } = await Program.run(main, ['run-master'], { yaml });
    for (const key of Object.keys(params)) expect(output).toContain(`health {"${key}":{"status":"up"}}`);
    expect(output).toContain(`Metrics at http://localhost:${port}/metrics`);
    expect(exitCode).toBe(0);
  },
);
