// The feeder or a consumer of a round, each with a ledger of its own.
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SlaveSession } from '@distributed-architecture/core';
import { runQueueWork } from '@distributed-architecture/queue';
import { behaviourOf, fromItem, sumOf } from './items.mjs';
import { Ledger } from './ledger.mjs';
import { Numbers } from './numbers.mjs';
import { sabotage } from './sabotage.mjs';

const session = await SlaveSession.open();
const { queue } = session;
const plan = session.handler.groupConfig.params;
const { role, socket } = queue.start;
const life = `${plan.master}.${role === 'feeder' ? '' : `${session.handler.id}.`}${session.handler.incarnation}`;
const ledger = new Ledger(join(plan.folder, `${role}-${life}`));
const work = { getFeeder: () => new Numbers({ ...plan, ledger, life }), handleItem };
const member = sabotage(plan.sabotage, { work, handler: session.handler });

if (role === 'consumer') ledger.write(`start ${process.pid}`);
else offer();
const line = role === 'feeder' ? queue : behindProxy();
const slave = { handler: member.handler, queue: line, run: (body) => session.run(body) };
process.exitCode = await runQueueWork(slave, member.work);
if (process.exitCode === 0) ledger.write('end');
await session.close();

/** The proxy finds the feeder of the moment. */
function offer() {
  const link = join(plan.folder, `link-${process.pid}`);
  symlinkSync(socket, link);
  renameSync(link, join(plan.folder, 'feed'));
}

/** Consumers connect to the proxy of the round. */
function behindProxy() {
  const { start } = queue;
  const moved = (message) =>
    message.type === 'feeder-ready' ? { ...message, address: { path: plan.proxy } } : message;
  return {
    start,
    send: (message) => queue.send(message),
    measureBy: (measure) => queue.measureBy(measure),
    listen: (listener) => queue.listen((message) => listener(moved(message))),
  };
}

async function handleItem(_, item, context) {
  const parts = fromItem(item);
  const name = `${parts.life} ${parts.number}`;
  ledger.write(`begin ${name} ${context.id} ${sumOf(parts)}`);
  const { ms = 0, fails = false, hangs } = behaviourOf(plan.seed, parts.number, plan.hangEvery);
  if (hangs !== undefined) await hang(hangs, context.signal);
  if (ms > 0) await delay(ms);
  ledger.write(`${fails || hangs ? 'threw' : 'good'} ${name}`);
  if (fails || hangs) throw new RangeError(`${parts.number} fails`);
}

async function hang(how, signal) {
  if (how === 'deaf') await new Promise(() => {});
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}
