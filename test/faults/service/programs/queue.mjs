// The feeder or a consumer of numbers. Each writes down what it does: the feeder what was answered, a consumer what it has
// handled. Numbers come until the file `enough` is there. `itemMs`: so long one takes.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { SlaveSession } from '@distributed-architecture/core';
import { runQueueWork } from '@distributed-architecture/queue';
import { begin } from './lives.mjs';

const session = await SlaveSession.open();
const { handler, queue } = session;
const { folder, itemMs = 5 } = handler.groupConfig.params;
const file = (name) => join(folder, `${handler.groupConfig.name}.${name}`);
begin({ folder, handler, part: queue.start.role === 'feeder' ? 'feeder' : '-' });

/** Goes on where the feeder before it was. */
class Numbers {
  #over = new Set(['answered', 'lost'].flatMap((name) => linesOf(file(name))).map((line) => Number.parseInt(line)));
  #next = 1;
  #isEnough = false;

  get() {
    this.#isEnough ||= existsSync(file('enough'));
    while (this.#over.has(this.#next)) this.#next++;
    if (this.ended()) return null;
    const number = this.#next++;
    return { number, sum: sumOf(number) };
  }

  /** Gaps of the feeder before it are filled first. */
  ended() {
    return this.#isEnough && this.#next > Math.max(0, ...this.#over);
  }

  success({ number }) {
    this.#over.add(number);
    appendFileSync(file('answered'), `${number}\n`);
  }

  error({ number }, reason) {
    // What nobody has begun is handed out again.
    if (reason.kind === 'released') return;
    this.#over.add(number);
    appendFileSync(file('lost'), `${number} ${reason.kind}: ${reason.message}\n`);
  }
}

process.exitCode = await runQueueWork(session, {
  getFeeder: () => new Numbers(),
  async handleItem(_handler, { number, sum }) {
    await setTimeout(itemMs);
    appendFileSync(file(`${process.pid}.handled`), `${number} ${sum === sumOf(number) ? 'whole' : 'spoilt'}\n`);
  },
});
await session.close();

function sumOf(number) {
  return createHash('sha256').update(`${number}`).digest('base64');
}

function linesOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
