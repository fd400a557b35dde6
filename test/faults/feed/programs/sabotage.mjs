// Switches off one mechanism each, so that a round shows that the judge sees it.
import { Socket } from 'node:net';

const BEGUN = 5;
const ANSWERS = 6;
const HEADER = 5;

const SABOTAGES = {
  /** Items are answered when their handling begins. */
  'answers-first': ({ work }) => ({
    work: { ...work, handleItem: (...args) => later(() => work.handleItem(...args)) },
  }),
  /** What a consumer should give back it drops, and says that it was done. */
  'gives-nothing-back': () => changeFrames({ [ANSWERS]: withoutBack }),
  /** Consumers do not say what they begin. */
  'announces-nothing': () => changeFrames({ [BEGUN]: () => Buffer.alloc(0) }),
  /** Consumers keep to themselves what a dead feeder has not confirmed. */
  'hides-the-unconfirmed': ({ handler }) => ({ handler: withLogger(handler, { ...handler.logger, warn: () => {} }) }),
};

/** @param parts `work` and `handler` of a member */
export function sabotage(name, parts) {
  return name === undefined ? parts : { ...parts, ...SABOTAGES[name](parts) };
}

function later(handle) {
  setImmediate(() => handle().catch(() => {}));
}

function withLogger(handler, logger) {
  const get = (target, name) => {
    if (name === 'logger') return logger;
    const value = Reflect.get(target, name, target);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  return new Proxy(handler, { get });
}

/** All that this process writes to sockets passes through these, by the type of the frame. */
function changeFrames(changes) {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its socket
  const write = Socket.prototype.write;
  Socket.prototype.write = function (bytes, ...rest) {
    return write.call(this, Buffer.isBuffer(bytes) ? changed(bytes, changes) : bytes, ...rest);
  };
}

function changed(bytes, changes) {
  const frames = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + HEADER + bytes.readUInt32BE(at);
    const frame = bytes.subarray(at, end);
    const change = changes[frame[HEADER - 1]];
    frames.push(change === undefined ? frame : change(frame));
    at = end;
  }
  return Buffer.concat(frames);
}

function withoutBack(frame) {
  const answers = JSON.parse(frame.subarray(HEADER).toString());
  const done = [...answers.done, ...answers.back].toSorted(([a], [b]) => a - b);
  const body = Buffer.from(JSON.stringify({ ...answers, done, back: [] }));
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(body.length);
  header[HEADER - 1] = ANSWERS;
  return Buffer.concat([header, body]);
}
