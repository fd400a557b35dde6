import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeWorld, WHO } from './stage/world.js';

describe.each(WHO)('the control socket of %s', (_who, uid) => {
  it.concurrent('is found at a path that is longer than the system takes', async (context) => {
    const world = makeWorld(context, uid);
    world.configure([world.workers('Work', 1)]);
    const name = `f${'x'.repeat(120)}`;
    const master = await world.start({ name });
    const client = await master.client();
    expect(Buffer.byteLength(client.socketPath)).toBeGreaterThan(107);
    expect(await client.status()).toMatchObject({ name, phase: 'running' });
    expect(await client.reload()).toMatchObject({ completed: true, replaced: 1 });
    expect(await master.stop()).toBe(0);
  });

  it.concurrent(
    'whose place is taken is not there: the fleet runs without, says so, and leaves alone what is there',
    async (context) => {
      const world = makeWorld(context, uid);
      world.configure([world.workers('Work', 1)]);
      const master = await world.start({}, { blocks: true });
      await master.says('There is no control socket, so commands do not reach this master');
      expect(master.output).toContain('control.sock is there already, and none of this master');
      await master.says('Work 1.1 is up');
      const client = await master.client();
      await expect(client.status()).rejects.toMatchObject({ code: 'MASTER_NOT_RUNNING' });
      expect(readFileSync(client.socketPath, 'utf8')).toBe('of somebody else');
      expect(await master.stop()).toBe(0);
      rmSync(client.socketPath, { force: true });
    },
  );
});
