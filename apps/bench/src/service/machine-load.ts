import { cpus } from 'node:os';

/** How busy the processors of the machine are, from its creation on. */
export class MachineLoad {
  private readonly start = times();

  /** Of all processors together. */
  percent(): number {
    const now = times();
    return ((now.busy - this.start.busy) / (now.all - this.start.all)) * 100;
  }
}

function times(): { busy: number; all: number } {
  let busy = 0;
  let all = 0;
  for (const { times: each } of cpus()) {
    const used = each.user + each.nice + each.sys + each.irq;
    busy += used;
    all += used + each.idle;
  }
  return { busy, all };
}
