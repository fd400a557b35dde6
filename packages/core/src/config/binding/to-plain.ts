import type { DistributedArchitectureConfig } from '../distributed-architecture-config.js';
import type { RootSection } from '../schema/root-section.js';
import type { SectionOrigins } from './section-origins.js';

/** The configuration as plain objects: sections lose their classes, all other values stay what they are. */
export function toPlain(root: RootSection, origins: SectionOrigins): DistributedArchitectureConfig {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null || !origins.get(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, convert(each)]));
  };
  return { groups: [], queueGroups: [], ...(convert(root) as Partial<DistributedArchitectureConfig>) };
}
