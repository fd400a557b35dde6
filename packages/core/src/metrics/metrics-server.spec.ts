import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SystemClock } from '../clock/system-clock.js';
import { LIVE, type Health } from '../control/health.js';
import { ManualClock } from '../testing/manual-clock.js';
import { MetricsServer, type MetricsServerOptions } from './metrics-server.js';

const open: MetricsServer[] = [];
const logged: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  logged.length = 0;
});

function create(options: Partial<MetricsServerOptions> = {}): MetricsServer {
  const server = new MetricsServer({
    host: '127.0.0.1',
    port: 0,
    render: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    ready: () => LIVE,
    log: (level, message) => void logged.push(`${level} ${message}`),
    clock: new SystemClock(),
    ...options,
  });
  open.push(server);
  return server;
}

async function listening(server: MetricsServer): Promise<URL> {
  server.listen();
  await expect.poll(() => server.url, { timeout: 30_000 }).toBeDefined();
  return new URL(server.url!);
}

it('serves the page, where it was told to', async () => {
  const url = await listening(create({ path: '/prometheus' }));
  expect(url.pathname).toBe('/prometheus');
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain; version=0.0.4',
    'up 1\n',
  ]);
  expect(logged).toEqual([`log Metrics at ${url.href}`]);
});

it('tells of the health, with the reasons why the fleet is not ready', async () => {
  let health: Health = LIVE;
  const url = await listening(create({ ready: () => health }));
  const ask = async (path: string): Promise<unknown[]> => {
    const answer = await fetch(new URL(path, url));
    return [answer.status, await answer.json()];
  };
  expect(await ask('/health/ready')).toEqual([200, { status: 'ok', reasons: [] }]);
  health = { status: 'unavailable', reasons: ['Group X has failed'] };
  expect(await ask('/health/ready')).toEqual([503, { status: 'unavailable', reasons: ['Group X has failed'] }]);
  expect(await ask('/health/live?verbose')).toEqual([200, { status: 'ok', reasons: [] }]);
});

it('has no other routes, and nothing can be changed', async () => {
  const url = await listening(create());
  expect((await fetch(new URL('/status', url))).status).toBe(404);
  expect((await fetch(new URL('/stop', url), { method: 'POST', body: 'x' })).status).toBe(404);
  const posted = await fetch(url, { method: 'POST', body: 'x' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it('a page that cannot be made is an error of that request alone', async () => {
  let broken = true;
  const render = async (): Promise<{ contentType: string; text: string }> => {
    if (broken) throw new Error('no page today');
    return { contentType: 'text/plain', text: 'up 1\n' };
  };
  const url = await listening(create({ render }));
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([500, 'no page today\n']);
  broken = false;
  expect((await fetch(url)).status).toBe(200);
});

it('a port in use is told once, and taken as soon as it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const clock = new ManualClock();
  const server = create({ port, clock });
  server.listen();
  await expect.poll(() => clock.waiting, { timeout: 30_000 }).toBe(1);
  clock.advance(1000);
  await expect.poll(() => clock.waiting, { timeout: 30_000 }).toBe(1);
  expect(logged).toEqual([
    `warn No metrics at http://127.0.0.1:${port} yet: the port is in use. Trying again`,
    `debug No metrics at http://127.0.0.1:${port} yet: the port is in use. Trying again`,
  ]);
  other.close();
  await once(other, 'close');
  clock.advance(2000);
  await expect.poll(() => server.url, { timeout: 30_000 }).toBe(`http://127.0.0.1:${port}/metrics`);
});

it('what is no HTTP, and who asks for nothing, hold up neither others nor the end', async () => {
  const server = create();
  const url = await listening(server);
  const silent = connect(Number(url.port), '127.0.0.1');
  const garbage = connect(Number(url.port), '127.0.0.1');
  await Promise.all([once(silent, 'connect'), once(garbage, 'connect')]);
  garbage.on('error', () => {});
  garbage.resume().write('\0\0\0 this is none\r\n\r\n');
  await once(garbage, 'close');
  expect((await fetch(url)).status).toBe(200);
  const gone = once(
    silent.resume().on('error', () => {}),
    'close',
  );
  await server.close();
  await gone;
  expect(server.url).toBeUndefined();
});

it('closed while it waits for its port, it does not come back', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const clock = new ManualClock();
  const server = create({ port: (other.address() as AddressInfo).port, clock });
  server.listen();
  await expect.poll(() => clock.waiting, { timeout: 30_000 }).toBe(1);
  await server.close();
  expect(clock.waiting).toBe(0);
  other.close();
});
