import { Judge } from './judge/judge.js';
import { Truth } from './truth.js';

/** What is simulated, and the judge who watches it. */
export class World extends Truth {
  readonly judge = new Judge(this);
}
