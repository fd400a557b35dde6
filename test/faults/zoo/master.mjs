// A master that writes what it is told of its processes into the file `told`, at once. Groups and options come as JSON.
import { appendFileSync } from 'node:fs';
import { Launcher } from '@distributed-architecture/core';

const { groups, options, told } = JSON.parse(process.argv[2]);
const tell = (text) => appendFileSync(told, `${text}\n`);
const launcher = new Launcher(options);
launcher.on('process_started', ({ process }) => tell(`start ${process.id}.${process.incarnation}`));
launcher.on('process_stopped', ({ process, exit }) => tell(`exit ${process.id}.${process.incarnation} ${exit.reason}`));
process.on('SIGTERM', () => void launcher.stop());
try {
  process.exitCode = (await launcher.run(groups)).exitCode;
  tell('end');
} catch (error) {
  process.stderr.write(`${error.code ?? ''}: ${error.message}\n${error.stack}\n`);
  process.exitCode = error.exitCode ?? 70;
}
