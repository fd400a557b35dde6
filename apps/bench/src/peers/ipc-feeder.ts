/**
 * Node's own channel between parent and child, one message an item and one an answer. Its JSON serialization is the
 * default and, for small messages, the fast one: `advanced` gave 0.6 to 0.75 of it.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { reportResult } from '../harness/report-result.js';
import { measureOf, readPlan } from './peer-plan.js';

const plan = readPlan();
const measure = measureOf(plan);
const consumer = fork(join(import.meta.dirname, 'ipc-consumer.js'), { serialization: 'json' });
let sent = 0;
let answered = 0;

function send(): void {
  measure.sent();
  consumer.send({ id: ++sent });
}

consumer.on('message', () => {
  measure.answered();
  if (++answered === measure.total) {
    reportResult(measure.sample());
    consumer.disconnect();
  } else if (answered === 1) {
    for (let free = plan.inFlight; free > 0; free--) send();
  } else if (sent < measure.total) {
    send();
  }
});
consumer.once('exit', (code) => (process.exitCode = answered < measure.total ? 1 : (code ?? 1)));
// What ends the measurement must not leave the child behind: it ends with the channel.
process.once('SIGTERM', () => process.exit(1));
send();
