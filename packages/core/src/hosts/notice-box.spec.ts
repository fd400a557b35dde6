import { expect, it } from 'vitest';
import { NoticeBox } from './notice-box.js';

const NOTICE = { id: 2, incarnation: 1, notice: { type: 'feeder-gone', incarnation: 1 } } as const;

function boxWith(count: number, agent = 'a'): NoticeBox {
  const box = new NoticeBox();
  box.open(agent);
  for (let added = 0; added < count; added++) box.add(NOTICE);
  return box;
}

const numbers = (box: NoticeBox): number[] => box.take().map(({ sequence }) => sequence);

it('sends each notice once on a link', () => {
  const box = boxWith(2);
  expect(numbers(box)).toEqual([1, 2]);
  box.add(NOTICE);
  expect(numbers(box)).toEqual([3]);
  expect(numbers(box)).toEqual([]);
});

it('sends what was not confirmed again on the next link to the same agent', () => {
  const box = boxWith(3);
  box.take();
  box.confirm(1);
  box.add(NOTICE);
  box.open('a');
  expect(numbers(box)).toEqual([2, 3, 4]);
});

it('a confirmation in between holds up nothing, and a late one does no harm', () => {
  const box = boxWith(2);
  box.take();
  box.confirm(2);
  box.confirm(1);
  box.add(NOTICE);
  expect(numbers(box)).toEqual([3]);
});

it('another agent gets none of the old ones', () => {
  const box = boxWith(2);
  box.take();
  box.open('b');
  box.add(NOTICE);
  expect(numbers(box)).toHaveLength(1);
});

it('gives no number twice: an agent that comes back takes none for one that it has heard', () => {
  const box = boxWith(2);
  box.take();
  box.open('b');
  box.open('a');
  box.add(NOTICE);
  expect(numbers(box)).toEqual([3]);
});

it('goes on where the box before has ended: its agent may be the same', () => {
  const shared = { sequence: 0 };
  const boxes = [new NoticeBox(shared), new NoticeBox(shared)];
  for (const box of boxes) box.add(NOTICE);
  expect(boxes.map(numbers)).toEqual([[1], [2]]);
});
