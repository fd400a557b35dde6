import { inspect } from 'node:util';
import { LOG_LEVELS, type Logger } from '@distributed-architecture/core';
import { currentItem } from './item-context.js';

/** Where a logger of an item keeps the one that it is made of, so that nothing is tagged twice. */
const PLAIN = Symbol('plain logger');

type TaggingLogger = Logger & { readonly [PLAIN]?: Logger };

/** The same logger, but within the handling of an item each line begins with `[item <id>]`. */
export function itemLogger(logger: Logger): Logger {
  return tagging(logger, () => currentItem()?.id);
}

/** The same logger, but each line begins with `[item <id>]`. */
export function loggerOfItem(logger: Logger, id: string): Logger {
  return tagging(logger, () => id);
}

function tagging(logger: TaggingLogger, idOf: () => string | undefined): Logger {
  const plain = logger[PLAIN] ?? logger;
  const methods = LOG_LEVELS.map((level): [string, Logger['log']] => [
    level,
    (message, ...more) => plain[level](tagged(message, idOf()), ...more),
  ]);
  return Object.assign(Object.fromEntries(methods) as Logger, { [PLAIN]: plain });
}

/** An error keeps its stack: its text is where loggers take it from. */
function tagged(message: unknown, id: string | undefined): unknown {
  if (id === undefined) return message;
  const tag = `[item ${id}] `;
  return tag + (typeof message === 'string' ? message : textOf(message)).replaceAll('\n', `\n${tag}`);
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.stack ?? String(message);
  return inspect(message, { depth: 4 });
}

export { tagOutput } from './tag-output.js';
