import { expect, it } from 'vitest';
import { EventBus } from '../events/event-bus.js';
import { placeProcesses } from '../placement/place-processes.js';
import { createRecord } from '../process/process-record.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { RemoteHosts } from './remote-hosts.js';
import { RemoteProcess } from './remote-process.js';

it('connects nobody any more when it is closing', async () => {
  const { specs, targets } = placeProcesses([group({ console: 'a.js', remote: [{ hosts: ['one'] }] })]);
  const spec = specs.find(({ agent }) => agent !== undefined)!;
  const process = new RemoteProcess(spec, {
    clock: new ManualClock(),
    sink: new RecordingSink(),
    bus: new EventBus(() => {}),
    record: () => createRecord(spec, 1),
    post: () => {},
    postToQueue: () => {},
  });
  const attempts: string[] = [];
  const connect = (): Promise<never> => {
    attempts.push('one');
    return new Promise(() => {});
  };
  const hosts = new RemoteHosts();
  await hosts.close();
  hosts.add([{ key: targets[0]!.key, host: 'one', connection: { connect, transport: 'SSH', lease: 30 } }], [process]);
  expect(attempts).toEqual([]);
});
