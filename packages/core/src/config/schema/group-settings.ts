import { list } from '../types/collection-types.js';
import { section } from '../types/section-types.js';
import { text } from '../types/text-types.js';
import { ReloadSection } from './reload-section.js';
import { Setting } from './setting.js';

/** Names of parameters are free; control characters would only be mistakes. */
export const PARAM_NAMES = { pattern: /^\P{Cc}*$/u, expected: 'a name without control characters' };

/** Groups of any kind that run before and stop after this one. */
export function DependsOn(): PropertyDecorator {
  return Setting({
    type: list(text()),
    defaultNote: 'none',
    description: 'Groups (of any kind) that must be ready before this one starts, and stop after it',
  });
}

/** How the processes of a group of any kind are replaced by a rolling reload. */
export function Reload(): PropertyDecorator {
  return Setting({
    type: section(ReloadSection),
    defaultNote: 'see there',
    description: 'How processes are replaced by `master:reload`',
  });
}
