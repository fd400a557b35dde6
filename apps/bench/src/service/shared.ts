import type { Scope } from '../harness/scope.js';

/** Of something that all contenders of a figure use: it is started for the first of them. */
export function shared<T>(start: (figure: Scope) => Promise<T>): (figure: Scope) => Promise<T> {
  const started = new WeakMap<Scope, Promise<T>>();
  return (figure) => {
    const known = started.get(figure) ?? start(figure);
    started.set(figure, known);
    return known;
  };
}
