import type { Rule, RuleMaker } from './rule.js';

/** Every line of a process is logged once, in order, before its exit is told; the last of one that was lost may be lost. */
export const lines: RuleMaker = (_world, fail): Rule => ({
  logged(run, origin, line) {
    const [serial, count] = line.split('#').map(Number);
    const incarnation = run.incarnations.find((each) => each.serial === serial);
    if (incarnation === undefined || incarnation.spec.origin.display !== origin.display) {
      fail('lines', `line ${line} is logged for ${origin.display}`);
    } else if (incarnation.logged++ !== count)
      fail('lines', `line ${line} is logged as number ${incarnation.logged - 1}`);
  },
  published({ run, name, id, number, exit }) {
    if (name !== 'process_stopped' || exit?.reason === 'lost') return;
    const candidates = run.of(id).filter((each) => each.number === number);
    // Two agents may have counted alike.
    if (candidates.length !== 1 || candidates[0]!.logged === candidates[0]!.said) return;
    const [{ logged, said, name: over }] = candidates as [(typeof candidates)[number]];
    fail('lines', `${over} is over, ${logged} of its ${said} lines were logged`);
  },
});
