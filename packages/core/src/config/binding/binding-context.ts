import { homedir } from 'node:os';
import type { ProblemList } from '../reading/problem-list.js';
import { toYamlKey } from './key-names.js';
import { SectionOrigins } from './section-origins.js';

export interface BindingOptions {
  /** Given in code: keys are camelCase, and groups may be a list. */
  readonly inCode: boolean;
  /** Relative paths start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False: parts of the schema that nothing implements yet are let through. */
  readonly refuseUnsupported: boolean;
}

/** What is the same for all places of one configuration. */
export class BindingContext {
  readonly origins = new SectionOrigins((property) => this.keyName(property));

  constructor(
    readonly problems: ProblemList,
    readonly options: BindingOptions,
  ) {}

  /** How a property's key is written in this configuration. */
  keyName(property: string): string {
    return this.options.inCode ? property : toYamlKey(property);
  }

  /** The home folder of the user that runs the master. */
  get home(): string {
    return this.options.env['HOME'] || homedir();
  }
}
