import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stopProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { within } from '../harness/wait.js';

/** A Redis of its own that writes nothing to disk, on a private socket. @returns the socket's path, when it answers there */
export async function startRedis(scope: Scope): Promise<string> {
  const folder = await scope.folder();
  const path = join(folder, 'redis.sock');
  const settings = { port: '0', unixsocket: path, unixsocketperm: '700', dir: folder, save: '', appendonly: 'no' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await scope.defer(() => stopProgram(server));
  const ready = new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new Error('redis-server cannot be started: install Redis', { cause })));
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections') || line.includes('is now ready to accept')) resolve();
    });
  });
  await within('Redis', ready);
  return path;
}
