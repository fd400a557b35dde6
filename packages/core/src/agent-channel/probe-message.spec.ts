import { describe, expect, it } from 'vitest';
import { parseProbe, parseProbeAnswer } from './probe-message.js';

const PROBE = { type: 'probe', ports: [{ host: '::1', port: 9999 }], fleet: 'shop', target: 'deploy@host' };

const ANSWER = {
  type: 'probe',
  node: 'v24.0.0',
  version: '0.1.0',
  protocol: { major: 1, minor: 0 },
  build: '',
  entry: '/srv/app/dist/main.js',
  cwd: '/srv/app',
  user: 'deploy',
  at: 1e12,
  ports: [{ host: '::1', port: 9999, free: false, error: 'in use' }],
  runDirectory: { path: '/run/x', usable: true },
  agent: 77,
};

describe('a probe', () => {
  it('is understood, also without a fleet', () => {
    expect(parseProbe(PROBE)).toBe(PROBE);
    expect(parseProbe({ type: 'probe', ports: [] })).toBeDefined();
  });

  it.each([
    ['another type', { ...PROBE, type: 'hello' }],
    ['no ports', { ...PROBE, ports: undefined }],
    ['a port that there is not', { ...PROBE, ports: [{ host: '', port: 65_536 }] }],
    ['a fleet without a name', { ...PROBE, fleet: 1 }],
    ['no object', 'probe'],
  ])('is none with %s', (_title, value) => {
    expect(parseProbe(value)).toBeUndefined();
  });
});

describe("a probe's answer", () => {
  it('is understood', () => {
    expect(parseProbeAnswer(ANSWER)).toBe(ANSWER);
  });

  it.each([
    ['another type', { type: 'hello' }],
    ['no version of the protocol', { protocol: 1 }],
    ['a time that is none', { at: 'now' }],
    ['ports without an outcome', { ports: [{ host: '', port: 1 }] }],
    ['a run directory that is none', { runDirectory: {} }],
    ['an agent that is none', { agent: 'yes' }],
  ])('is none with %s', (_title, change) => {
    expect(parseProbeAnswer({ ...ANSWER, ...change })).toBeUndefined();
  });
});
