import { expect, it } from 'vitest';
import { plain, visible } from './visible.js';

it('leaves colours and tabs, and nothing that moves the cursor or sets a title', () => {
  const said = '\u001B[1;31mred\u001B[0m\tend\u001B[2J\u001B]0;title\u0007\r\u202Eback';
  expect(visible(said)).toBe('\u001B[1;31mred\u001B[0m\tend?[2J?]0;title???back');
});

it('leaves nothing of both in a cell', () => {
  expect(plain('\u001B[31mred\t')).toBe('?[31mred?');
});
