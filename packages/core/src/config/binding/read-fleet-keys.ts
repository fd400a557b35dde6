import { resolve } from 'node:path';
import type { FleetPlace } from '../fleet-place.js';
import type { ConfigNode, MapEntry } from '../reading/config-node.js';
import { ProblemList } from '../reading/problem-list.js';
import { readText } from '../reading/read-text.js';
import { readYaml } from '../reading/read-yaml.js';
import { TOP_KEY } from '../reading/yaml-tree.js';
import { fileName, path } from '../types/text-types.js';
import type { ValueType } from '../types/value-type.js';
import { BindingContext } from './binding-context.js';
import { Place } from './place.js';
import type { ReadOptions } from './read-config.js';
import { shownFile } from './shown-file.js';

/** @throws ConfigError when the file cannot be read, is no YAML, or one of the keys is wrong */
export async function readFleetKeys(file: string, options: ReadOptions): Promise<FleetPlace> {
  const full = resolve(options.cwd, file);
  const problems = new ProblemList(shownFile(full, options.cwd));
  const text = await readText(full, problems);
  problems.throwIfAny();
  const root = entryOf(readRoot(text ?? '', problems, options), TOP_KEY)?.value;
  const place = new Place(new BindingContext(problems, { ...options, inCode: false }), { path: '' });
  const name = readKey(entryOf(root, 'name'), fileName(), place);
  const pidPath = readKey(entryOf(root, 'pid_path'), path({ resolved: true }), place);
  problems.throwIfAny();
  return { ...(name !== undefined && { name }), ...(pidPath !== undefined && { pidPath }) };
}

/** What is wrong within the document is no matter here, unless there is none. */
function readRoot(text: string, problems: ProblemList, { env }: ReadOptions): ConfigNode | undefined {
  const own = new ProblemList(problems.file);
  const root = readYaml(text, { env, problems: own });
  if (root === undefined) own.throwIfAny();
  return root;
}

function entryOf(node: ConfigNode | undefined, key: string): MapEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

function readKey(entry: MapEntry | undefined, type: ValueType, place: Place): string | undefined {
  if (entry === undefined) return undefined;
  const at = place.key(entry.key, entry.keyAt);
  if (entry.value.kind === 'scalar' && entry.value.broken) {
    at.report(entry.value, `found ${at.describe(entry.value)}, which is not set, expected ${type.expected}`);
    return undefined;
  }
  const value = type.read(entry.value, at);
  return typeof value === 'string' ? value : undefined;
}
