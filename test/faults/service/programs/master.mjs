// A master of core that reads its groups from a file, also when it is asked to read them again. It says on stderr what
// becomes of its processes. Its plan comes as JSON. `blocks`: whether the place of its control socket is taken.
import { readFileSync, writeFileSync } from 'node:fs';
import { Server } from 'node:net';
import { Launcher } from '@distributed-architecture/core';

const { file, options, blocks = false } = JSON.parse(process.argv[2]);
const read = () => JSON.parse(readFileSync(file, 'utf8'));
const tell = (text) => void process.stderr.write(`${text}\n`);
const readConfiguration = () => Promise.resolve({ groups: read() });
const launcher = new Launcher({ ...options, operator: { readConfiguration } });
if (blocks) takePlace();
launcher.on('master_started', () => tell(`runs in ${launcher.folder}`));
launcher.on('process_started', ({ process: each }) => tell(`started ${each.group} ${each.id}.${each.incarnation}`));
launcher.on('process_stopped', ({ process: each, exit }) =>
  tell(`stopped ${each.group} ${each.id}.${each.incarnation} ${exit.reason}`),
);
process.on('SIGTERM', () => void launcher.stop());
try {
  process.exitCode = (await launcher.run(read())).exitCode;
} catch (error) {
  tell(`${error.code}: ${error.message}`);
  process.exitCode = error.exitCode ?? 70;
}

/** Somebody else is faster by a moment. */
function takePlace() {
  // eslint-disable-next-line typescript/unbound-method -- it is applied to the server
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    const path = args.map((each) => each.path ?? each).find((each) => String(each).endsWith('control.sock'));
    if (path !== undefined) writeFileSync(path, 'of somebody else');
    return listen.apply(this, args);
  };
}
