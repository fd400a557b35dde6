import type { BindingContext } from '../binding/binding-context.js';
import { itemPath } from '../reading/key-path.js';

/** Reports at the value of a section's property; for a list, at one of its items. */
export function reportProperty(
  context: BindingContext,
  { section, property, item }: { section: object; property: string; item?: number },
  message: string,
): void {
  const origin = context.origins.property(section, property);
  if (!origin) return reportSection(context, section, message);
  const { path, entry } = origin;
  const node = item !== undefined && entry.value.kind === 'list' ? entry.value.items[item] : undefined;
  const at = node?.at ?? entry.value.at ?? entry.keyAt;
  context.problems.add(item === undefined ? path : itemPath(path, item), message, at);
}

/** Reports at the key of a section. */
export function reportSection(context: BindingContext, section: object, message: string): void {
  const origin = context.origins.get(section);
  context.problems.add(origin?.path ?? '', message, origin?.keyAt ?? origin?.node.at);
}
