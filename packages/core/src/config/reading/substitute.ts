import { quote } from './describe-node.js';

/** The outcome of a substitution: the text, whether a variable was used, or what is wrong. */
export type Substitution = { readonly text: string; readonly used: boolean } | { readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** `$$`, `${...}`, or a `${` that nothing closes. */
const REFERENCE = /\$\$|\$\{([^}]*)\}|\$\{.*/gs;
const INSIDE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Replaces `${NAME}` and `${NAME:-default}` (taken when NAME is unset or empty, as in the shell); `$$` is a dollar sign.
 * What is put in is not looked at again.
 */
export function substitute(source: string, env: Environment): Substitution {
  const problems: string[] = [];
  let used = false;
  const text = source.replace(REFERENCE, (reference: string, inside: string | undefined) => {
    if (reference === '$$') return '$';
    used = true;
    const value = resolve(reference, inside, env);
    if (typeof value === 'string') return value;
    problems.push(value.problem);
    return '';
  });
  return problems.length > 0 ? { problems } : { text, used };
}

function resolve(reference: string, inside: string | undefined, env: Environment): string | { problem: string } {
  const match = INSIDE.exec(inside ?? '');
  if (!match) {
    return { problem: `found ${quote(reference)}, expected \${NAME} or \${NAME:-default} ($$ is a dollar sign)` };
  }
  const [, name = '', fallback] = match;
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (fallback !== undefined) return value || fallback;
  return value ?? { problem: `the environment variable ${name} is not set, and has no default (\${${name}:-default})` };
}
