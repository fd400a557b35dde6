import type { IncomingMessage, ServerResponse } from 'node:http';
import { COMMAND_ROUTES } from './command-routes.js';
import type { ControlOptions } from './control-options.js';
import { ControlServer } from './control-server.js';
import { Answers, Exchange } from './exchange.js';
import { Followers } from './followers.js';
import { checkQuery, QUERY_ROUTES } from './query-routes.js';
import type { Desk, Route } from './route.js';
import { findRoute } from './router.js';
import { controlSocket } from './socket-address.js';

/** All that a control socket can be asked for. */
export const ROUTES: readonly Route[] = [...QUERY_ROUTES, ...COMMAND_ROUTES];

/** A control socket that is open. */
export interface Control {
  /** Undefined: it cannot be had, which was logged. */
  readonly path: string | undefined;
  /** Passes on what was said, and closes all connections. */
  close(): Promise<void>;
}

/**
 * Answers HTTP on `control.sock` in the run's folder. Where nothing can listen there the log says so: a fleet that runs
 * without is better than one that does not run.
 */
export async function openControl(options: ControlOptions): Promise<Control> {
  const followers = new Followers(options);
  const desk: Desk = { ...options, followers, routes: ROUTES };
  const answers = new Answers();
  const path = controlSocket(options.folder);
  const handler = (request: IncomingMessage, response: ServerResponse): void =>
    void answer(desk, answers, new Exchange(request, response));
  try {
    const server = await ControlServer.listen(path, handler, options.limits);
    return {
      path,
      async close() {
        followers.close();
        await server.close();
      },
    };
  } catch (error) {
    options.log('warn', `There is no control socket, so commands do not reach this master: ${reasonOf(error, path)}`);
    return { path: undefined, async close() {} };
  }
}

async function answer(desk: Desk, answers: Answers, exchange: Exchange): Promise<void> {
  try {
    exchange.assertMeant();
    const { route, name } = findRoute(ROUTES, exchange.method, exchange.path);
    checkQuery(route, exchange);
    const given = await route.handle(desk, exchange, name);
    if (given !== undefined) answers.send(exchange, given);
  } catch (error) {
    answers.fail(exchange, error);
  }
}

function reasonOf(error: unknown, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' ? `${path} is there already, and none of this master` : message;
}
