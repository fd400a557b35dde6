import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test, type TestingModule } from '@nestjs/testing';
import { startTimeOf } from '@distributed-architecture/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LauncherLine } from '../slave/launcher-line.js';
import { FleetHealthIndicator, type FleetHealthTarget } from './fleet-health-indicator.js';
import { FleetHealthTargetError, TerminusMissingError } from './terminus-errors.js';

/** A check that fails is no news here. */
const TERMINUS = TerminusModule.forRoot({ logger: false });

let folder = '';
let reasons: string[] = [];
let answer: string | undefined;
const servers: Server[] = [];
const modules: TestingModule[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'da-test-'));
  reasons = [];
  answer = undefined;
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  for (const module of modules.splice(0)) await module.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A master's health routes. */
async function playMaster(where: { path: string } | { port: number; host: string }): Promise<AddressInfo | string> {
  const server = createServer((request, response) => {
    if (answer === 'none') return;
    const healthy = request.url === '/health/live' || reasons.length === 0;
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' });
    response.end(answer ?? JSON.stringify({ status: healthy ? 'ok' : 'unavailable', reasons }));
  });
  servers.push(server);
  server.listen(where);
  await once(server, 'listening');
  return server.address()!;
}

async function boot(imports: (Type | DynamicModule)[] = [TERMINUS], providers: Type[] = []): Promise<TestingModule> {
  @Module({ imports, providers: [FleetHealthIndicator, ...providers] })
  class HealthModule {}

  const module = await Test.createTestingModule({ imports: [HealthModule] }).compile();
  modules.push(module);
  return module.init();
}

async function check(target?: FleetHealthTarget, module?: TestingModule): Promise<unknown> {
  const app = module ?? (await boot());
  const health = app.get(HealthCheckService, { strict: false });
  const fleet = app.get(FleetHealthIndicator, { strict: false });
  const result = await health.check([() => fleet.isHealthy('fleet', target)]).catch((error: unknown) => {
    return (error as { getResponse?(): unknown }).getResponse?.() ?? Promise.reject(error);
  });
  return (result as { details: Record<string, unknown> }).details.fleet;
}

describe('a master that is told of', () => {
  it('by its control socket is up while it is ready, and down with its reasons while it is not', async () => {
    const socket = join(folder, 'control.sock');
    await playMaster({ path: socket });
    expect(await check({ socket })).toEqual({ status: 'up' });
    reasons = ['[Mail] [localhost] [mail/3/1] has failed for good'];
    expect(await check({ socket })).toEqual({ status: 'down', reasons });
    expect(await check({ socket, probe: 'live' })).toEqual({ status: 'up' });
  });

  it('by its pid file is found by the run folder in it', async () => {
    await playMaster({ path: join(folder, 'control.sock') });
    const pidFile = join(folder, 'app.pid');
    writeFileSync(pidFile, `${process.pid}\n${startTimeOf(process.pid)}\n${folder}\n`);
    expect(await check({ pidFile })).toEqual({ status: 'up' });
    writeFileSync(pidFile, `4194305\n1\n${folder}\n`);
    expect(await check({ pidFile })).toEqual({
      status: 'down',
      reasons: [`No master runs by the pid file ${pidFile}`],
    });
  });

  it('by the address of its metrics is asked there', async () => {
    const { port } = (await playMaster({ host: '127.0.0.1', port: 0 })) as AddressInfo;
    expect(await check({ url: `http://127.0.0.1:${port}` })).toEqual({ status: 'up' });
    expect(await check({ url: `http://127.0.0.1:${port}/metrics` })).toEqual({ status: 'up' });
  });

  it('that does not run is down', async () => {
    const socket = join(folder, 'nobody.sock');
    expect(await check({ socket })).toMatchObject({
      status: 'down',
      reasons: [expect.stringContaining(`No health at ${socket}: `)],
    });
  });

  it('that does not answer in time is down', async () => {
    const socket = join(folder, 'control.sock');
    await playMaster({ path: socket });
    answer = 'none';
    const reason = expect.stringContaining('did not answer within 0.05 s') as string;
    expect(await check({ socket, timeout: 0.05 })).toEqual({ status: 'down', reasons: [reason] });
    const { port } = (await playMaster({ host: '127.0.0.1', port: 0 })) as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    expect(await check({ url, timeout: 0.05 })).toEqual({ status: 'down', reasons: [reason] });
  });

  it.each([
    ['a page', '<html></html>'],
    ['another JSON', '{"status":"ok","reasons":"none"}'],
    ['a flood', `{"status":"ok","reasons":["${'x'.repeat(100_000)}"]}`],
  ])('in whose place %s answers is down', async (_, text) => {
    const { port } = (await playMaster({ host: '127.0.0.1', port: 0 })) as AddressInfo;
    answer = text;
    expect(await check({ url: `http://127.0.0.1:${port}` })).toMatchObject({ status: 'down' });
  });
});

describe('without a target', () => {
  it('a slave is up as long as its launcher hears it', async () => {
    const module = await boot([TERMINUS], [LauncherLine]);
    const session = { isHeard: true };
    module.get(LauncherLine, { strict: false }).bind(session);
    expect(await check(undefined, module)).toEqual({ status: 'up' });
    session.isHeard = false;
    expect(await check(undefined, module)).toEqual({
      status: 'down',
      reasons: ['The launcher of this process is gone'],
    });
  });

  it('a process that no launcher has started is told to say which master', async () => {
    await expect(check()).rejects.toThrow(FleetHealthTargetError);
  });
});

it('without TerminusModule the error says to import it', async () => {
  await expect(boot([])).rejects.toThrow(TerminusMissingError);
  expect(new TerminusMissingError(new Error('Nest could not find it')).message).toContain('add TerminusModule');
});

it('without the package the error says to install it', () => {
  const cause = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  expect(new TerminusMissingError(cause).message).toContain('npm install @nestjs/terminus');
});
