import type { MeasuredProcess, ProcessMeasure } from './process-measure.js';

/** What was measured and not passed on yet: of each process only the latest. */
export class LatestMeasures {
  #byId = new Map<number, MeasuredProcess>();

  add(id: number, incarnation: number, measure: ProcessMeasure): void {
    const before = this.#byId.get(id);
    const same = before?.incarnation === incarnation;
    this.#byId.set(id, { id, incarnation, measure: same ? { ...before.measure, ...measure } : measure });
  }

  take(): readonly MeasuredProcess[] {
    if (this.#byId.size === 0) return [];
    const taken = [...this.#byId.values()];
    this.#byId = new Map();
    return taken;
  }
}
