import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from '../harness/benchmark.js';
import type { Scope } from '../harness/scope.js';
import type { FeedPlan } from './feed-plan.js';
import { FEED_FIXTURES } from './fixtures/paths.js';
import { MeasuredProgram } from '../harness/measured-program.js';

export interface NestFeed {
  /** Default: the one with most of the commands. */
  readonly application?: string;
  /** What the consumers do with an item. Default `empty`. */
  readonly work?: 'empty' | 'slow' | 'watched' | 'first';
  /** Default 1. */
  readonly consumers?: number;
  /** Default 1. */
  readonly concurrency?: number;
  /** Of slow consumers, an item. */
  readonly handleMs?: number;
  readonly plan: FeedPlan;
}

/** Starts `run-master` of a Nest application with one queue group. */
export async function startNestFeed(scope: Scope, feed: NestFeed): Promise<MeasuredProgram> {
  const folder = await scope.folder();
  const file = join(folder, 'distributed_architecture.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration(feed)));
  return MeasuredProgram.start(scope, feed.application ?? FEED_FIXTURES.application, {
    args: ['run-master', '--config-file', file],
    cwd: folder,
  });
}

/** Runs a queue group until its feeder has ended. @returns so many results, in the order in which they came */
export async function runNestFeed(scope: Scope, feed: NestFeed, results = 1): Promise<Sample[]> {
  const master = await startNestFeed(scope, feed);
  const samples: Sample[] = [];
  while (samples.length < results) samples.push(await master.result());
  await master.ended();
  return samples.map(withoutFailures);
}

/** A figure of items that failed is none. */
export function withoutFailures(sample: Sample): Sample {
  if (sample.failed) throw new Error(`${sample.failed} items have failed`);
  return sample;
}

function configuration({ work = 'empty', consumers = 1, concurrency = 1, handleMs = 0, plan }: NestFeed): object {
  const feed = {
    command: `bench:${work}`,
    params: { plan, handleMs },
    concurrency,
    local_feeder: { start_timeout: 300 },
    consumers: { local: { instances_count: consumers } },
  };
  return { distributed_architecture: { name: 'bench', queue_groups: { Feed: feed } } };
}
