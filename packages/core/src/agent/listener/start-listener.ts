import type { OwnCommandLine } from '../../local/command-line.js';
import type { LocalHost } from '../../local/local-host.js';
import { programEnvironment } from '../../local/slave-environment.js';
import { LISTENER_DISPLAY } from '../../agent-channel/listener-origin.js';
import type { LogSink } from '../../logger/logger.js';
import { LISTENER_ROLE, RUN_LISTENER } from './run-listener.js';
import type { StartListener } from './listener-keeper.js';
import { ListenerProcess } from './listener-process.js';

/** As a slave whose launcher has died: its channel tells it, and after so long the watchdog kills it. */
const RECORD = { kind: 'slave', stopTimeoutMs: 5000 } as const;

const ORIGIN = { display: LISTENER_DISPLAY };

export interface ListenerPlace {
  readonly host: LocalHost;
  /** How the application is started of which it is a listener. */
  readonly own: OwnCommandLine;
  readonly sink: LogSink;
}

/** How an agent on this machine starts its listener. */
export function listenerStarter({ host, own, sink }: ListenerPlace): StartListener {
  const { execPath, execArgv, script } = own;
  const options = execArgv.filter((option) => !option.startsWith('--inspect'));
  const command = { file: execPath, args: [...options, script, RUN_LISTENER] };
  return (life, events) => {
    const env = programEnvironment(LISTENER_ROLE);
    const registration = host.register(`0.${life}`, RECORD);
    return new ListenerProcess(
      {
        command,
        env,
        registration,
        say: (level, lines) => {
          sink.writeLines(ORIGIN, level, lines);
          return sink.full();
        },
      },
      events,
    );
  };
}
