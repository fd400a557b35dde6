import type { Answer, Exchange } from './exchange.js';
import type { ControlOptions } from './control-options.js';
import type { Followers } from './followers.js';

/** What a route works with. */
export interface Desk extends ControlOptions {
  readonly followers: Followers;
  /** All that there are. */
  readonly routes: readonly Route[];
}

/** One thing that can be asked for. What is here is what its OpenAPI document is made of. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for any text, encoded as in a URL. */
  readonly path: string;
  readonly summary: string;
  /** Parameters of the query, or keys of the body, by their names. */
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly answers: Readonly<Record<number, AnswerSchema>>;
  /**
   * @param name what stands for `{name}`
   * @returns undefined when it answers by itself
   * @throws DistributedArchitectureError
   */
  handle(desk: Desk, exchange: Exchange, name: string): Promise<Answer | undefined> | Answer | undefined;
}

export interface Parameter {
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required?: boolean;
}

export interface AnswerSchema {
  readonly description: string;
  /** Name of a schema; or what else it is. */
  readonly schema?: string;
  readonly contentType?: string;
}
