import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { ControlWorld } from './control-world.spec.helper.js';
import { controlSocket } from './socket-address.js';

it('whoever is in the middle of a request does not hold up the end', async () => {
  const world = new ControlWorld();
  const control = await world.open();
  const path = controlSocket(world.folder);
  const [head, body] = [connect(path), connect(path)];
  const said = 'POST /groups/Group/scale HTTP/1.1\r\nhost: x\r\n';
  head.write(said);
  body.write(`${said}content-length: 100\r\nexpect: 100-continue\r\n\r\n`);
  // The server has both: it has answered the second one's question.
  await once(body, 'data');
  const closed = Promise.all([head, body].map((each) => each.resume().on('error', () => {}) && once(each, 'close')));
  await control.close();
  await closed;
  expect(world.told).toEqual([]);
});
