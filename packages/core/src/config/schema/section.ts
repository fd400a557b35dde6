import type { SectionClass } from './setting.js';

/** What a class of the configuration is, for the reference and for the list of what is not supported yet. */
export interface SectionMetadata {
  readonly id: string;
  /** Where it stands in YAML: `groups.<name>.local`. */
  readonly path: string;
  readonly description: string;
}

const SECTION = Symbol('section');

/** Marks a class as a section of the configuration. */
export function Section(metadata: SectionMetadata): ClassDecorator {
  return (target) => {
    Object.defineProperty(target, SECTION, { value: metadata });
  };
}

/** The metadata of a section, its own, not that of a base class; undefined without. */
export function sectionMetadata(section: SectionClass & { [SECTION]?: SectionMetadata }): SectionMetadata | undefined {
  return Object.hasOwn(section, SECTION) ? section[SECTION] : undefined;
}

export function sectionId(section: SectionClass): string {
  return sectionMetadata(section)?.id ?? section.name;
}
