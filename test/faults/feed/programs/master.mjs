// A master that runs one queue group and writes what it is told of its processes, and all log lines, into the file `told`,
// at once. Times are the machine's monotonic clock in microseconds, which all processes of a round share.
import { closeSync, openSync, writeSync } from 'node:fs';
import { Launcher } from '@distributed-architecture/core';

const { group, options, told } = JSON.parse(process.argv[2]);
const file = openSync(told, 'a');
const tell = (text) => writeSync(file, `${process.hrtime.bigint() / 1000n} ${text}\n`);
const sink = {
  write: (origin, level, text) => tell(`line ${origin.display} | ${text.replaceAll('\n', ' ')}`),
  writeLines: (origin, level, lines) =>
    lines
      .trimEnd()
      .split('\n')
      .forEach((text) => sink.write(origin, level, text)),
  full: () => undefined,
  flush: () => Promise.resolve(),
};
const launcher = new Launcher({ ...options, logger: sink });
launcher.on('process_started', ({ process: each }) => tell(`start ${each.id}.${each.incarnation} ${each.pid}`));
launcher.on('process_stopped', ({ process: each, exit }) =>
  tell(`exit ${each.id}.${each.incarnation} ${exit.reason} ${exit.code} ${exit.signal}`),
);
process.on('SIGTERM', () => void launcher.stop());
tell('begin');
process.exitCode = (await launcher.run([group])).exitCode;
tell('end');
closeSync(file);
