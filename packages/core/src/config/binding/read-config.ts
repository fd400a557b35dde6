import { resolve } from 'node:path';
import type { DistributedArchitectureConfig } from '../distributed-architecture-config.js';
import type { ConfigNode, MapNode } from '../reading/config-node.js';
import { describeNode } from '../reading/describe-node.js';
import { ProblemList } from '../reading/problem-list.js';
import { readObject } from '../reading/read-object.js';
import { readText } from '../reading/read-text.js';
import { readYaml } from '../reading/read-yaml.js';
import { TOP_KEY } from '../reading/yaml-tree.js';
import { bindConfig } from './bind-config.js';
import { BindingContext, type BindingOptions } from './binding-context.js';
import { Place } from './place.js';
import { shownFile } from './shown-file.js';
import { didYouMean, suggest } from './suggest.js';
import { toPlain } from './to-plain.js';

export type ReadOptions = Omit<BindingOptions, 'inCode'>;

/** Reads, substitutes, checks. @throws ConfigError with all problems */
export async function readConfigFile(file: string, options: ReadOptions): Promise<DistributedArchitectureConfig> {
  const full = resolve(options.cwd, file);
  const problems = new ProblemList(shownFile(full, options.cwd));
  const text = await readText(full, problems);
  problems.throwIfAny();
  return readConfigText(text ?? '', problems, options);
}

/** The same for a text that is there already. */
export function readConfigText(
  text: string,
  problems: ProblemList,
  options: ReadOptions,
): DistributedArchitectureConfig {
  const context = new BindingContext(problems, { ...options, inCode: false });
  const document = readYaml(text, { env: options.env, problems });
  const top = document && topEntry(document, problems);
  return bind(top?.value, new Place(context, { path: '', keyAt: top?.keyAt }));
}

/** The same for an object given in code. */
export function readConfigObject(input: unknown, options: ReadOptions): DistributedArchitectureConfig {
  const problems = new ProblemList();
  const context = new BindingContext(problems, { ...options, inCode: true });
  return bind(readObject(input, problems), new Place(context, { path: '' }));
}

function bind(node: ConfigNode | undefined, place: Place): DistributedArchitectureConfig {
  const root = node && bindConfig(node, place);
  place.context.problems.throwIfAny();
  return root ? toPlain(root, place.context.origins) : { groups: [], queueGroups: [] };
}

/** The one key that a file may have at its top. */
function topEntry(document: ConfigNode, problems: ProblemList): MapNode['entries'][number] | undefined {
  if (document.kind !== 'map') {
    problems.add('', `found ${describeNode(document)}, expected a mapping with the key ${TOP_KEY}`, document.at);
    return undefined;
  }
  const others = document.entries.filter(({ key }) => key !== TOP_KEY);
  for (const { key, keyAt } of others) {
    problems.add(key, `found an unknown key, expected ${TOP_KEY} only${didYouMean(key, [TOP_KEY])}`, keyAt);
  }
  const top = document.entries.find(({ key }) => key === TOP_KEY);
  if (!top && !others.some(({ key }) => suggest(key, [TOP_KEY]))) {
    problems.add('', `the key ${TOP_KEY} is missing: all of the configuration stands below it`, document.at);
  }
  return top;
}
