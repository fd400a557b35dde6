// A slave whose part of the work has one owner at a time. `lingerMs`: so long it takes to stop; `deaf`: it does not.
import { setTimeout } from 'node:timers/promises';
import { runSlave } from '@distributed-architecture/core';
import { begin } from './lives.mjs';

await runSlave(async (handler) => {
  const { folder, lingerMs = 0, deaf = false } = handler.groupConfig.params;
  begin({ folder, handler, part: handler.groupId });
  console.log(`${handler.groupConfig.name} ${handler.id}.${handler.incarnation} is up`);
  while (await handler.sleep(3600));
  while (deaf) await setTimeout(1000);
  await setTimeout(lingerMs);
});
