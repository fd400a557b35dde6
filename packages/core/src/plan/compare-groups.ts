import { isDeepStrictEqual } from 'node:util';
import { LOCAL_SITE, type GroupShape, type Site } from './group-shape.js';
import type { PlanAction } from './fleet-plan.js';
import { settingTexts } from './setting-texts.js';

export interface Difference {
  readonly action: PlanAction;
  /** For people. */
  readonly changes: readonly string[];
}

/**
 * The least that makes one group the other.
 *
 * - `restart`: anything that its processes were told at their start; the number of processes of a plain group, too (they
 *   know it, shards rely on it), and which hosts a queue group has
 * - `scale`: the number of consumers, or the bounds of consumers on demand
 * - `update`: its `reload` alone
 *
 * The order of blocks and hosts makes no difference.
 *
 * @returns undefined: nothing differs
 */
export function compareGroups(before: GroupShape, after: GroupShape): Difference | undefined {
  if (before.kind !== after.kind) return { action: 'restart', changes: [`${before.kind} -> ${after.kind}`] };
  const { pairs, added, removed } = pairSites(before.sites, after.sites);
  const settings = [
    ...settingTexts(before.common, after.common),
    ...siteTexts([...feeders(before, after), ...pairs]),
    ...removed.map((site) => `${hostOf(site)} removed`),
    ...added.map((site) => `${hostOf(site)} added`),
  ];
  const counts = pairs.flatMap((pair) => countTexts(before.kind, pair));
  const reload = settingTexts({ ...before.reload }, { ...after.reload }, 'reload.');
  const changes = [...settings, ...counts, ...reload];
  if (changes.length === 0) return undefined;
  const restarts = settings.length > 0 || (counts.length > 0 && before.kind === 'group');
  return { action: restarts ? 'restart' : counts.length > 0 ? 'scale' : 'update', changes };
}

/** One site before and after. */
interface Pair {
  readonly name: string;
  readonly before: Site;
  readonly after: Site;
}

function feeders({ feeder: before }: GroupShape, { feeder: after }: GroupShape): Pair[] {
  return before === undefined || after === undefined ? [] : [{ name: 'feeder', before, after }];
}

interface Pairs {
  readonly pairs: readonly Pair[];
  readonly added: readonly Site[];
  readonly removed: readonly Site[];
}

/** What has stayed the same on a host is paired first, the rest of a host in its order. */
function pairSites(before: readonly Site[], after: readonly Site[]): Pairs {
  const left = [...after];
  const find = (site: Site, isSame: (other: Site) => boolean): Pair[] => {
    const index = left.findIndex((other) => other.host === site.host && isSame(other));
    return index < 0 ? [] : [{ name: site.host, before: site, after: left.splice(index, 1)[0]! }];
  };
  const same = before.flatMap((site) => find(site, ({ settings }) => isDeepStrictEqual(settings, site.settings)));
  const kept = new Set(same.map((pair) => pair.before));
  const changed = before.filter((site) => !kept.has(site)).flatMap((site) => find(site, () => true));
  for (const pair of changed) kept.add(pair.before);
  return { pairs: [...same, ...changed], added: left, removed: before.filter((site) => !kept.has(site)) };
}

/** What is the same everywhere is said once. */
function siteTexts(pairs: readonly Pair[]): string[] {
  const told = pairs.map(({ name, before, after }) => ({
    name,
    texts: [
      ...(before.host === after.host ? [] : [`host: ${before.host} -> ${after.host}`]),
      ...settingTexts(before.settings, after.settings),
    ],
  }));
  const everywhere = (told[0]?.texts ?? []).filter((text) => told.every(({ texts }) => texts.includes(text)));
  const own = told.flatMap(({ name, texts }) =>
    texts.filter((text) => !everywhere.includes(text)).map((text) => `${name}: ${text}`),
  );
  return [...everywhere, ...new Set(own)];
}

function countTexts(kind: GroupShape['kind'], { before, after }: Pair): string[] {
  const texts: string[] = [];
  const what = before.least === undefined ? (kind === 'group' ? 'processes' : 'consumers') : 'max_instances';
  if (before.count !== after.count) texts.push(`${what} on ${before.host}: ${before.count} -> ${after.count}`);
  if (before.least !== after.least && before.least !== undefined) {
    texts.push(`min_instances on ${before.host}: ${before.least} -> ${after.least}`);
  }
  return texts;
}

function hostOf({ host }: Site): string {
  return host === LOCAL_SITE ? LOCAL_SITE : `host ${host}`;
}
