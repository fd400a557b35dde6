import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../setup/temporary-folder.js';

/** What a played master answers, by method and path. */
export type Answers = Readonly<Record<string, { readonly status?: number; readonly body: unknown }>>;

export interface Asked {
  readonly request: string;
  readonly body: unknown;
  readonly operator: string | undefined;
}

/** A control socket and a pid file, with this process as the master. */
export class PlayedMaster {
  readonly asked: Asked[] = [];

  private constructor(
    readonly pidFile: string,
    readonly folder: string,
  ) {}

  /** @param name of the fleet: `pid_path` of its configuration has to be `folder` */
  static async start(name: string, answers: Answers): Promise<PlayedMaster> {
    const folder = await temporaryFolder();
    const pidFile = join(folder, `${name}.pid`);
    const master = new PlayedMaster(pidFile, folder);
    const server = master.#listen(answers);
    await new Promise<void>((resolve) => server.listen(join(folder, 'control.sock'), resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    const { writeFile } = await import('node:fs/promises');
    await writeFile(pidFile, `${process.pid}\n${await ownStartTime()}\n${folder}\n`);
    return master;
  }

  #listen(answers: Answers): Server {
    return createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const asked = `${request.method} ${decodeURIComponent(request.url ?? '')}`;
        const text = Buffer.concat(chunks).toString();
        const operator = request.headers['x-operator'];
        this.asked.push({
          request: asked,
          body: text === '' ? undefined : JSON.parse(text),
          operator: typeof operator === 'string' ? operator : undefined,
        });
        const { status = 200, body } = answers[asked] ?? notFound(asked);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  }
}

function notFound(asked: string) {
  return { status: 404, body: { error: { code: 'CONTROL_REQUEST', message: `The test has no answer to ${asked}` } } };
}

/** The 22nd field of /proc/self/stat; the name before may have spaces. */
async function ownStartTime(): Promise<string> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
