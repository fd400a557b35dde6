import { suggest } from '../config/binding/suggest.js';
import { ControlRequestError } from './control-errors.js';
import type { Route } from './route.js';

/** A route that fits, with what stands for `{name}`. */
export interface Match {
  readonly route: Route;
  readonly name: string;
}

const NAME = '{name}';
const LONGEST_SHOWN = 100;

/** @throws ControlRequestError 404 with the nearest path, 405 with the methods that there are */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const matches = routes.flatMap((route) => matchOf(route, path));
  const match = matches.find(({ route }) => route.method === method);
  if (match !== undefined) return match;
  if (matches.length > 0) throw wrongMethod(path, matches);
  throw unknownPath(routes, path);
}

function matchOf(route: Route, path: string): Match[] {
  if (route.path === path) return [{ route, name: '' }];
  const [before = '', after] = route.path.split(NAME);
  if (after === undefined || !path.startsWith(before) || !path.endsWith(after)) return [];
  const name = path.slice(before.length, path.length - after.length);
  return name === '' || name.includes('/') || path.length < before.length + after.length
    ? []
    : [{ route, name: decoded(name) }];
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new ControlRequestError(400, `"${shown(name)}" is no text as it stands in a URL`);
  }
}

function wrongMethod(path: string, matches: readonly Match[]): ControlRequestError {
  const allowed = [...new Set(matches.map(({ route }) => route.method))].join(', ');
  return new ControlRequestError(405, `${shown(path)} takes ${allowed}`, allowed);
}

function unknownPath(routes: readonly Route[], path: string): ControlRequestError {
  const nearest = suggest(path, [...new Set(routes.map((route) => route.path))]);
  const hint = nearest === undefined ? 'GET /openapi.json lists what there is' : `did you mean ${nearest}?`;
  return new ControlRequestError(404, `There is no ${shown(path)}: ${hint}`);
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
