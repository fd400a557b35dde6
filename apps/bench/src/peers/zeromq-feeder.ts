/**
 * zeromq: PUSH to the consumer, PULL for its answers, over its transport for processes of one machine (ipc://).
 * No high water mark, so that `send` never has to wait; the 1,000 in flight are the only bound.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Pull, Push } from 'zeromq';
import { reportResult } from '../harness/report-result.js';
import { measureOf, readPlan } from './peer-plan.js';

const plan = readPlan();
const measure = measureOf(plan);
const folder = process.argv[4]!;
const [itemsAddress, answersAddress] = [`ipc://${folder}/items`, `ipc://${folder}/answers`];
const items = new Push({ sendHighWaterMark: 0, linger: 0 });
const answers = new Pull({ receiveHighWaterMark: 0 });
let sent = 0;

async function send(): Promise<void> {
  measure.sent();
  await items.send(JSON.stringify({ id: ++sent }));
}

async function takeAnswer(): Promise<void> {
  const [answer] = await answers.receive();
  JSON.parse(answer.toString());
  measure.answered();
}

await items.bind(itemsAddress);
await answers.bind(answersAddress);
const consumer = fork(join(import.meta.dirname, 'zeromq-consumer.js'), [itemsAddress, answersAddress]);
process.once('SIGTERM', () => process.exit(1));
await send();
await takeAnswer();
while (sent < 1 + plan.inFlight) await send();
for (let answered = 1; answered < measure.total; answered++) {
  await takeAnswer();
  if (sent < measure.total) await send();
}
reportResult(measure.sample());
consumer.disconnect();
await once(consumer, 'exit');
items.close();
answers.close();
