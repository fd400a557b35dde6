import type { DistributedArchitectureConfig } from './distributed-architecture-config.js';

/** The reference of all keys of the configuration, as Markdown, made from the classes that check it. */
export async function configurationReference(): Promise<string> {
  const { renderReference } = await import('./reference.js');
  return renderReference();
}

/** A file with all keys of the configuration, made from the classes that check it: what has a default is a comment. */
export async function referenceYaml(): Promise<string> {
  const { renderReferenceYaml } = await import('./reference-yaml.js');
  return renderReferenceYaml();
}

/** The JSON Schema (2020-12) of the file, for editors, as text. */
export async function configurationSchema(): Promise<string> {
  const { jsonSchema } = await import('./json-schema.js');
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`;
}

/**
 * A configuration as a file that says the same, with the defaults. What may be secret is `***`: all values of `env`,
 * `passphrase_env`, parameters whose names look like it, passwords in URLs.
 */
export async function showConfiguration(config: DistributedArchitectureConfig): Promise<string> {
  const { renderConfiguration } = await import('./show-configuration.js');
  return renderConfiguration(config);
}
