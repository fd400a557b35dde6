import { expect, it } from 'vitest';
import { FeedItem } from './feed-item.js';
import { ItemGroups } from './item-groups.js';
import { ItemTable } from './item-table.js';
import { ReadyItems } from './ready-items.js';

function itemOf(id: number): FeedItem {
  const item = new FeedItem({ item: id }, `${id}`, 1);
  item.id = id;
  return item;
}

it('finds items by number, however far apart, until they are deleted', () => {
  const table = new ItemTable();
  const ids = [1, 2, 1023, 1024, 1025, 5000, 1_000_000_000];
  for (const id of ids) table.add(itemOf(id));
  for (const id of ids) expect(table.get(id)?.id).toBe(id);
  expect(table.get(3)).toBeUndefined();
  table.delete(3);
  for (const id of ids) table.delete(id);
  expect(ids.map((id) => table.get(id))).toEqual(ids.map(() => undefined));
  expect(table.size).toBe(0);
});

it('groups leave in any order, the first is the oldest that is left', () => {
  const groups = new ItemGroups();
  const [one, two, three] = [1, 2, 3].map((at) => groups.add(at, [[at, at]], 1));
  groups.leave(two!);
  expect([...groups]).toEqual([one, three]);
  groups.leave(one!);
  expect(groups.first).toBe(three);
  groups.leave(three!);
  expect(groups.first).toBeUndefined();
  expect([...groups]).toEqual([]);
});

it('a group stays until its last item has left', () => {
  const groups = new ItemGroups();
  const group = groups.add(1, [[1, 2]], 2);
  groups.leave(group);
  expect(groups.first).toBe(group);
  groups.leave(group);
  expect(groups.first).toBeUndefined();
});

it('what came back goes first', () => {
  const ready = new ReadyItems();
  ready.addClaimed([itemOf(1), itemOf(2)]);
  ready.addClaimed([itemOf(3)]);
  expect(ready.shift()?.id).toBe(1);
  ready.addReturned(itemOf(8));
  ready.addReturned(itemOf(9));
  expect(ready.length).toBe(4);
  expect(ready.peek()?.id).toBe(8);
  expect([ready.shift(), ready.shift(), ready.shift()].map((item) => item?.id)).toEqual([8, 9, 2]);
  ready.addReturned(itemOf(7));
  expect(ready.takeAll().map(({ id }) => id)).toEqual([7, 3]);
  expect(ready.shift()).toBeUndefined();
  expect(ready.length).toBe(0);
});
