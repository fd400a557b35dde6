import { expect, it } from 'vitest';
import { toWireError } from './wire-error.js';

const throwing = {
  get message(): string {
    throw new Error('getter');
  },
};

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

it.each([
  ['null', null, { name: 'Error', message: 'null' }],
  ['undefined', undefined, { name: 'Error', message: 'undefined' }],
  ['a text', 'no', { name: 'Error', message: 'no' }],
  ['a symbol', Symbol('s'), { name: 'Error', message: 'Symbol(s)' }],
  ['an object', { code: 5 }, { name: 'Error', message: '{ code: 5 }' }],
  ['something like an error', { message: 'like', name: 5 }, { name: 'Error', message: 'like' }],
  ['an object whose getters throw', throwing, { name: 'Error', message: '{ message: [Getter] }' }],
  ['a revoked proxy', revoked(), { name: 'Error', message: '<Revoked Proxy>' }],
])('tells what was thrown: %s', (_, thrown, told) => {
  expect(toWireError(thrown)).toEqual(told);
});

it('tells name, message, stack and causes of an error', () => {
  const error = new TypeError('outer', { cause: new Error('inner', { cause: 'root' }) });
  const { name, message, stack } = toWireError(error);
  expect([name, message]).toEqual(['TypeError', 'outer']);
  expect(stack).toMatch(/^TypeError: outer\n[^]*\n\[cause\]: Error: inner\n[^]*\n\[cause\]: root$/u);
});

it('an error whose properties throw, and one that is its own cause', () => {
  const broken = Object.defineProperty(new Error('x'), 'stack', { get: () => throwing.message });
  Object.defineProperty(broken, 'cause', { get: () => throwing.message });
  expect(toWireError(broken)).toEqual({ name: 'Error', message: 'x' });
  const circular = new Error('c');
  circular.cause = circular;
  expect(toWireError(circular).message).toBe('c');
});

it('cuts what is too long', () => {
  const error = Object.assign(new Error('m'.repeat(20_000)), { name: 'n'.repeat(20_000), stack: 's'.repeat(20_000) });
  const { name, message, stack } = toWireError(error);
  expect([name.length, message.length, stack?.length]).toEqual([200, 10_000, 10_000]);
  expect(toWireError('x'.repeat(20_000)).message).toHaveLength(10_000);
});
