import { describe, expect, it } from 'vitest';
import type { ProbeAnswer } from '../agent-channel/probe-message.js';
import type { AgentTarget } from '../hosts/agent-target.js';
import { checkOfAnswer, checkOfError } from './host-check.js';

const TARGET: AgentTarget = {
  key: 'me@one:22 path="/srv"',
  name: 'one',
  host: 'one',
  port: 22,
  path: '/srv',
  ssh: { username: 'me' },
};
const PLACE = { host: 'one', user: 'me', port: 22, path: '/srv' };
const TAKEN = { host: '0.0.0.0', port: 9999, free: false, error: 'listen EADDRINUSE' };

function answer(changes: Partial<ProbeAnswer> = {}): ProbeAnswer {
  return {
    type: 'probe',
    node: 'v24.1.0',
    version: '0.1.0',
    protocol: { major: 1, minor: 0 },
    build: 'aaaa',
    entry: '/srv/main.js',
    cwd: '/srv',
    user: 'me',
    at: 100_500,
    ports: [],
    runDirectory: { path: '/run/x', usable: true },
    ...changes,
  };
}

/** The answer came after a second, and was made in the middle of it. */
function check(changes: Partial<ProbeAnswer> = {}, build = 'aaaa') {
  return checkOfAnswer(TARGET, { answer: answer(changes), askedAt: 100_000, answeredAt: 101_000 }, build);
}

describe('a host that answers', () => {
  it('is fit when nothing stands in the way', () => {
    expect(check()).toEqual({
      ...PLACE,
      ...{ fit: true, reachable: true, authenticated: true, node: 'v24.1.0', version: '0.1.0' },
      ...{ entry: '/srv/main.js', build: 'aaaa', clockSkew: 0, ports: [], problems: [], warnings: [] },
    });
  });

  it('is not fit where a feeder cannot listen, or nothing can be kept', () => {
    const runDirectory = { path: '/run/x', usable: false, error: 'no space left on device' };
    const { fit, problems } = check({ ports: [TAKEN], runDirectory });
    expect(fit).toBe(false);
    expect(problems).toEqual([
      '/run/x cannot be used: no space left on device',
      'A feeder cannot listen at 0.0.0.0:9999: listen EADDRINUSE. End what has the port, or give the feeder another one',
    ]);
  });

  it('may have the port for the feeder of the fleet that runs', () => {
    const { fit, agent, warnings } = check({ ports: [TAKEN], agent: 77 });
    expect({ fit, agent }).toEqual({ fit: true, agent: 77 });
    expect(warnings).toEqual(["0.0.0.0:9999 is in use: the fleet's agent runs (process 77)"]);
  });

  it('is fit, with a warning, when its code or its clock is another one', () => {
    expect(check({}, 'bbbb')).toMatchObject({ fit: true, warnings: [expect.stringContaining('build aaaa')] });
    expect(check({}, '').warnings).toEqual([]);
    expect(check({ at: 102_501 })).toMatchObject({ clockSkew: 2.001, warnings: ['Its clock is 2.0 s ahead of ours'] });
    expect(check({ at: 98_499 }).warnings).toEqual(['Its clock is 2.0 s behind ours']);
    expect(check({ at: 102_500 }).warnings).toEqual([]);
  });
});

describe('a host that cannot be used', () => {
  it.each<[string, Partial<ReturnType<typeof checkOfError>>]>([
    ['HOST_UNREACHABLE', { reachable: false, authenticated: false }],
    ['HOST_HANDSHAKE', { reachable: false, authenticated: false }],
    ['HOST_KEY_UNKNOWN', { reachable: true, authenticated: false }],
    ['HOST_KEY_CHANGED', { reachable: true, authenticated: false }],
    ['HOST_KEY_REVOKED', { reachable: true, authenticated: false }],
    ['HOST_AUTHENTICATION', { reachable: true, authenticated: false }],
    ['HOST_PATH_MISSING', { reachable: true, authenticated: true }],
    ['HOST_AGENT_FAILED', { reachable: true, authenticated: true }],
    ['HOST_PRIVATE_KEY', {}],
    ['HOST_SSH_CONFIG', {}],
    ['HOST_KNOWN_HOSTS', {}],
  ])('%s tells how far we came', (code, expected) => {
    const error = Object.assign(new Error('so it is'), { code });
    expect(checkOfError(TARGET, error)).toEqual({
      ...PLACE,
      ...{ fit: false, ports: [], problems: ['so it is'], warnings: [] },
      ...expected,
    });
  });
});
