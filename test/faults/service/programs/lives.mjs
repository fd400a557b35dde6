// Each process of a fleet says itself that it begins, and looks who else is still there: of its own number, of an earlier run
// of the fleet, and, where a part of the work may have only one owner, of its part.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param part of the work that nobody else may do at the same time; '-': shared */
export function begin({ folder, handler, part }) {
  const { id, incarnation, epoch, groupConfig } = handler;
  const file = join(folder, `${groupConfig.name}.lives`);
  const own = [process.pid, startOf(process.pid), epoch, part, id].join(' ');
  // Written before it looks: of two that begin at a time one at least sees the other.
  appendFileSync(file, `${own} ${incarnation}\n`);
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [pid, start, run, itsPart, itsId] = line.split(' ');
    const meets = Number(run) !== epoch || itsId === String(id) || (part !== '-' && itsPart === part);
    if (Number(pid) === process.pid || !meets || startOf(pid) !== start) continue;
    appendFileSync(join(folder, `${groupConfig.name}.met`), `${own} has met ${line}\n`);
  }
}

/** Undefined where it has ended: a zombie has. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(fields[0]) ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
