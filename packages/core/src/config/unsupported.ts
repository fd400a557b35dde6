/**
 * Parts of the schema that are checked but that nothing implements yet: `<section>.<property>`. What is given is
 * refused, so that nobody relies on a setting that does nothing. Whoever implements one removes its line.
 */
const UNSUPPORTED: ReadonlySet<string> = new Set(['root.jobQueues', 'queue-group.source']);

export const NOT_SUPPORTED = 'not supported yet by this version';

/** True when a key of a section is part of the schema, but nothing implements it yet. */
export function isUnsupported(section: string, property: string): boolean {
  return UNSUPPORTED.has(`${section}.${property}`);
}
