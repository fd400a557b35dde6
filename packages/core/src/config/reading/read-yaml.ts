import { EVENT_ID, parseEvents, YAMLException, type Event } from 'js-yaml';
import type { ConfigNode } from './config-node.js';
import { YamlCursor } from './yaml-cursor.js';
import { YamlTree, type TreeOptions } from './yaml-tree.js';

/**
 * Reads one YAML 1.2 document into a tree with positions.
 *
 * @returns undefined when nothing can be read; `options.problems` says why
 */
export function readYaml(text: string, options: TreeOptions): ConfigNode | undefined {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const cursor = new YamlCursor(plain, parse(plain, options));
  const first = cursor.take();
  if (!first) {
    options.problems.throwIfAny();
    options.problems.add('', 'found nothing in the file, expected the key "distributed_architecture"');
    return undefined;
  }
  const root = new YamlTree(cursor, options).root();
  refuseFurtherDocuments(cursor, options);
  return root;
}

function parse(text: string, { problems }: TreeOptions): Event[] {
  try {
    return parseEvents(text, {});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error;
    const position = mark && { line: mark.line + 1, column: mark.column + 1 };
    problems.add('', `not valid YAML: ${reason}${quotesHint(text, mark?.line)}`, position);
    return [];
  }
}

/** Braces end a text without quotes within `{ }` and `[ ]`: nobody who writes `${NAME}` there expects that. */
function quotesHint(text: string, line = -1): string {
  const written = text.split(/\r\n|\n|\r/)[line] ?? '';
  return /[{[,:] *\$\{/.test(written) ? ' (within { } and [ ] put "${NAME}" in quotes)' : '';
}

function refuseFurtherDocuments(cursor: YamlCursor, { problems }: TreeOptions): void {
  const documents = cursor.events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
  if (documents > 1) problems.add('', `found ${documents} documents in the file, expected one`);
}
