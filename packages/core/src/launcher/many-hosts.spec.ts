import { expect, it } from 'vitest';
import type { AgentLink } from '../agent-channel/agent-link.js';
import { EventBus } from '../events/event-bus.js';
import { FakeHost } from '../testing/fake-host.js';
import { ManualClock } from '../testing/manual-clock.js';
import { group } from '../testing/process-specs.js';
import { RecordingSink } from '../testing/recording-sink.js';
import { LauncherEngine } from './launcher-engine.js';
import type { AgentConnection } from './remote-hosts.js';

const HOSTS = 5000;

/** Never connects. */
const DEAF: AgentConnection = { connect: () => new Promise<AgentLink>(() => {}), transport: 'Deaf', lease: 30 };

it('a launcher with very many hosts stops when none of them ever answered', async () => {
  const hosts = Array.from({ length: HOSTS }, (_, index) => `host-${index}`);
  const agents = new Map(hosts.map((host) => [host, DEAF]));
  const options = { clock: new ManualClock(), host: new FakeHost(), logger: new RecordingSink(), agents };
  const view = { isMaster: true, isRunning: true, processes: [], groups: [], queues: [] };
  const engine = new LauncherEngine([group({ remote: [{ hosts }] })], options, view, new EventBus(() => {}));
  const run = engine.run();
  await options.host.opened;
  engine.stop();
  expect(await run).toEqual({ exitCode: 0 });
});
