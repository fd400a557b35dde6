import { AgentWorld, FakeLink, LEASE_MS, type FakeEngine } from './agent-world.spec.helper.js';

/** A master of which a test says every word. */
export class Caller {
  readonly link: FakeLink;
  readonly heard: { type: string; [key: string]: unknown }[] = [];
  closed: string | undefined;

  constructor(private readonly world: AgentWorld) {
    const [own, other] = FakeLink.pair(world.clock);
    this.link = own;
    own.listen({
      message: (message) => void this.heard.push(message as { type: string }),
      drained: () => {},
      closed: (reason) => (this.closed = reason),
    });
    world.session.accept(other);
  }

  async say(...messages: object[]): Promise<this> {
    for (const message of messages) this.link.send(message);
    await this.world.pass(20);
    return this;
  }

  hello(changes: object = {}): Promise<this> {
    const protocol = { major: 1, minor: 0 };
    const rest = { fleet: 'fleet', epoch: 1, leaseMs: LEASE_MS, version: '1', capabilities: [] };
    return this.say({ type: 'hello', protocol, ...rest, ...changes });
  }

  /** Gives the lease, as of the last time that the agent has told. */
  lend(): Promise<this> {
    const at = this.heard.findLast(({ type }) => type === 'hello' || type === 'lease')!.at;
    return this.say({ type: 'echo', at });
  }

  /** All that a master says to run one process. */
  async start(): Promise<this> {
    await this.hello();
    await this.say({ type: 'confirm', sequence: 0 });
    await this.lend();
    return this.say(runOf(this.world), { type: 'want', generation: 1, wanted: { 1: 'run' } });
  }

  of(type: string) {
    return this.heard.filter((message) => message.type === type);
  }

  get answer(): unknown {
    const { type, reason } = this.heard[0] ?? {};
    return reason === undefined ? type : `${String(type)} ${String(reason)}`;
  }
}

export function runOf(world: AgentWorld): object {
  const { config, ...rest } = world.specs[0]!;
  return {
    type: 'run',
    groups: [config],
    processes: [{ ...rest, group: 0, firstIncarnation: 1 }],
    limits: { maxProcessTimeout: 3 },
  };
}

/** An agent that runs a process for its master. */
export async function running(): Promise<{ world: AgentWorld; master: Caller; engine: FakeEngine }> {
  const world = new AgentWorld();
  const master = await new Caller(world).start();
  world.engine.begin(1, 1);
  await world.pass(20);
  world.engine.calls.length = 0;
  return { world, master, engine: world.engine };
}
