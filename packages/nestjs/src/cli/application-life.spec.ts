import type { INestApplicationContext } from '@nestjs/common';
import { expect, it, vi } from 'vitest';
import { closeWithin, configure } from './application-life.js';

function applicationOf(close: () => Promise<void>) {
  const enableShutdownHooks = vi.fn<() => void>();
  return { app: { close, enableShutdownHooks } as unknown as INestApplicationContext, enableShutdownHooks };
}

it('keeps signals to itself while the caller sets the application up', async () => {
  const { app, enableShutdownHooks } = applicationOf(async () => {});
  await configure(app, { configure: (each) => void each.enableShutdownHooks() });
  expect(enableShutdownHooks).not.toHaveBeenCalled();
});

it('does not wait for ever for a shutdown hook, and says so', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await closeWithin(applicationOf(() => new Promise(() => {})).app, 10);
  expect(stderr).toHaveBeenCalledWith("Timeout waiting for the application's shutdown hooks (0.01 s)\n");
  stderr.mockRestore();
});
