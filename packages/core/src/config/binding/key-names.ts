/** `bin_path` for `binPath`: how a key is written in YAML. */
export function toYamlKey(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
