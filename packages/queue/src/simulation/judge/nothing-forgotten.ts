import { named, type RuleMaker } from './rule.js';

/** At the end all is answered that was claimed in a life that ended in order, or that a store has. */
export const nothingForgotten: RuleMaker = ({ items, lives, schedule }, fail) => ({
  finale() {
    for (const item of items) {
      const { life, outcome } = item;
      if (life?.ended === true && outcome === undefined) fail('nothing-forgotten', `${named(item)} of ${life.name}`);
    }
    if (schedule.end !== 'source') return;
    if (lives.at(-1)?.ended !== true) fail('nothing-forgotten', 'the source has ended, its feeder has not');
    for (const item of items) {
      const isOver = item.outcome !== undefined && !['release', 'released'].includes(item.outcome);
      const isExcused = !schedule.source.adopts && item.life?.alive === false && !item.life.ended;
      if (!isOver && !isExcused) fail('nothing-forgotten', `${named(item)} is ${item.outcome ?? 'open'}`);
    }
  },
});
