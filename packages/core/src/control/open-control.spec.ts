import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ControlClient } from './control-client.js';
import { ControlWorld } from './control-world.spec.helper.js';
import { ROUTES } from './open-control.js';
import { SCHEMAS } from './schemas.js';
import { controlSocket, socketAddress } from './socket-address.js';

interface Got {
  readonly status: number;
  readonly body: unknown;
  readonly allow: string | undefined;
}

async function open(options: Parameters<ControlWorld['open']>[0] = {}) {
  const world = new ControlWorld();
  const control = await world.open(options);
  const socketPath = controlSocket(world.folder);
  const ask = async (method: string, path: string, body?: string): Promise<Got> => {
    const sent = request({ socketPath, method, path, agent: false }).end(body);
    const [response] = await once(sent, 'response');
    const { statusCode: status, headers } = response;
    const answer = await text(response);
    return { status, body: answer === '' ? undefined : JSON.parse(answer), allow: headers.allow };
  };
  /** Bytes as they are. */
  const say = async (bytes: string): Promise<string> => {
    const socket = connect(socketPath);
    socket.write(bytes);
    return text(socket);
  };
  return { world, control, ask, say, socketPath };
}

const errorOf = ({ status, body }: Got): string => {
  const { code, message } = (body as { error: { code: string; message: string } }).error;
  return `${status} ${code} ${message}`;
};

describe('what is asked for wrongly', () => {
  it.each([
    ['GET', '/statsu', '404 CONTROL_REQUEST There is no /statsu: did you mean /status?'],
    ['GET', '/', '404 CONTROL_REQUEST There is no /: GET /openapi.json lists what there is'],
    ['GET', '/groups/', '404 CONTROL_REQUEST There is no /groups/: did you mean /groups?'],
    [
      'POST',
      '/groups/Group/suspended',
      '404 CONTROL_REQUEST There is no /groups/Group/suspended: GET /openapi.json lists what there is',
    ],
    [
      'POST',
      '/groups//suspend',
      '404 CONTROL_REQUEST There is no /groups//suspend: GET /openapi.json lists what there is',
    ],
    ['POST', '/groups/%zz/suspend', '400 CONTROL_REQUEST "%zz" is no text as it stands in a URL'],
    ['POST', '/groups/Grup/suspend', '404 GROUP_UNKNOWN There is no group "Grup" (did you mean "Group"?)'],
    [
      'GET',
      '/processes?gruop=x',
      '400 CONTROL_REQUEST Unknown parameter "gruop" (did you mean "group"?); known: group',
    ],
    ['POST', '/stop?force=1', '400 CONTROL_REQUEST Unknown parameter "force"; there are none here'],
    ['GET', '/logs?lines=0', '400 CONTROL_REQUEST "lines" has to be a whole number from 1 to 10000'],
    ['GET', '/logs?follow=maybe', '400 CONTROL_REQUEST "follow" has to be 1 or 0'],
    [
      'GET',
      '/events?since=yesterday',
      '400 CONTROL_REQUEST "since" has to be a moment: 2026-01-31T12:00:00Z, or milliseconds since 1970',
    ],
    [
      'GET',
      '/events?types=proces_stopped',
      '400 CONTROL_REQUEST There are no events "proces_stopped" (did you mean "process_stopped"?)',
    ],
    ['GET', '/metrics', '501 CONTROL_UNSUPPORTED This master has no metrics'],
  ])('%s %s', async (method, path, answer) => {
    const { world, ask } = await open();
    expect(errorOf(await ask(method, path))).toBe(answer);
    expect(world.told).toEqual([]);
  });

  it.each([
    ['[]', 'The body is no JSON object'],
    ['{', 'The body is no JSON object'],
    ['{"count":"2"}', '"count" has to be a whole number from 1 to 100000'],
    ['{}', '"count" has to be a whole number from 1 to 100000'],
    ['{"count":2,"for":1}', 'Unknown parameter "for"; known: count'],
  ])('the body %s', async (body, answer) => {
    const { ask } = await open();
    expect(errorOf(await ask('POST', '/groups/Group/scale', body))).toBe(`400 CONTROL_REQUEST ${answer}`);
  });

  it('a method that there is not is told with those that there are', async () => {
    const { ask } = await open();
    const got = await ask('DELETE', '/status');
    expect([errorOf(got), got.allow]).toEqual(['405 CONTROL_REQUEST /status takes GET', 'GET']);
    expect((await ask('GET', '/groups/Group/scale')).allow).toBe('POST');
  });

  it('a body that is too large is refused before it has come', async () => {
    const { say } = await open();
    const head = 'POST /stop HTTP/1.1\r\nhost: x\r\ncontent-length: 10000000\r\n\r\n';
    expect(await say(head + 'x'.repeat(70_000))).toMatch(/^HTTP\/1.1 413 [^]*"The body has more than 65536 bytes"/);
  });

  it('headers that are too large, and what is no HTTP', async () => {
    const { say } = await open();
    expect(await say(`GET /status HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect(await say('\0\0\0 hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('who is slow', () => {
  const limits = {
    connections: 4,
    headerBytes: 16_384,
    headersTimeoutMs: 100,
    requestTimeoutMs: 200,
    keepAliveTimeoutMs: 50,
  };

  it.each([
    ['says nothing', ''],
    ['does not end its headers', 'GET /status HTTP/1.1\r\nhost: x\r\n'],
    ['does not send its body', 'POST /stop HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{'],
  ])('%s: is let go', async (_what, bytes) => {
    const { say, world } = await open({ limits });
    expect(await say(bytes)).toMatch(/^$|^HTTP\/1.1 408 /);
    expect(world.told).toEqual([]);
  });

  it('more than there may be at a time are turned away, the others are served', async () => {
    const { socketPath, ask } = await open({
      limits: { ...limits, headersTimeoutMs: 60_000, requestTimeoutMs: 60_000 },
    });
    const sockets = Array.from({ length: 4 }, () => connect(socketPath));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const refused = connect(socketPath);
    expect(await text(refused)).toBe('');
    sockets[0]!.destroy();
    await once(sockets[0]!, 'close');
    for (const socket of sockets) socket.destroy();
    // Its end is known here before it is there.
    for (;;) {
      const got = await ask('GET', '/health/live').catch(() => undefined);
      if (got?.status === 200) break;
    }
  });
});

describe('where it is', () => {
  it('in the folder of the run, for its user alone, and gone at the end', async () => {
    const { control, socketPath } = await open();
    expect(control.path).toBe(socketPath);
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    await control.close();
    expect(() => statSync(socketPath)).toThrow('ENOENT');
  });

  it('a path longer than the system takes', async () => {
    const world = new ControlWorld();
    const folder = join(world.folder, 'x'.repeat(100), 'y'.repeat(100));
    mkdirSync(folder, { recursive: true });
    const control = await world.open({ folder });
    expect((await new ControlClient(controlSocket(folder)).status()).name).toBe('fleet');
    await control.close();
    expect(() => statSync(controlSocket(folder))).toThrow('ENOENT');
  });

  it('a path at which something else is: the log says so, and the fleet runs on', async () => {
    const world = new ControlWorld();
    writeFileSync(controlSocket(world.folder), '');
    const control = await world.open();
    expect(control.path).toBeUndefined();
    expect(world.sink.records).toEqual([expect.stringMatching(/^warn There is no control socket.*is there already/)]);
    await control.close();
  });

  it('reaches an ordinary path as it is', () => {
    expect(socketAddress('/run/x/control.sock').path).toBe('/run/x/control.sock');
  });
});

describe('its OpenAPI document', () => {
  it('has every route, and no other', async () => {
    const { ask } = await open();
    const { paths, openapi } = (await ask('GET', '/openapi.json')).body as {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    expect(openapi).toBe('3.1.0');
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says what is answered', async () => {
    const { world, ask } = await open({ metrics: async () => ({ contentType: 'text/plain', text: '"up"\n' }) });
    const process = world.start(1);
    world.recorder.lines.write({ group: 'Group', host: 'localhost', display: process.display }, 'log', 'line');
    world.recorder.measured(1, { rss: 1, cpu: 1, lag: 1, items: { busy: 0, done: 1, failed: 0, released: 0 } });
    world.stop(process, { lastLines: ['bye'], rss: 3 });
    const queue = { waiting: 1, held: 0, done: 5, failed: 0, consumers: 2, rate: 0.5, timeToClear: 3 };
    world.source.queues = [{ group: 'Group', ...queue }];
    world.source.roleOf = () => 'feeder';
    const ajv = schemas();
    for (const { method, path, answers } of ROUTES) {
      const query = path === '/events' ? '?follow=0&since=0' : '';
      const body = path.endsWith('/scale') ? '{"count":1}' : undefined;
      const got = await ask(method, path.replace('{name}', 'Group') + query, body);
      const schema = answers[got.status]?.schema;
      expect(answers[got.status], `${path} ${got.status}`).toBeDefined();
      if (schema === undefined) continue;
      const validate = ajv.getSchema(`document#/components/schemas/${schema}`)!;
      expect([path, validate(got.body), validate.errors]).toEqual([path, true, null]);
    }
  });
});

function schemas(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components: { schemas: SCHEMAS } });
  return ajv;
}
