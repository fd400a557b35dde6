import { isSecretName, MASK, maskText } from './mask-text.js';

/** A copy of a parameter with `***` for what looks secret, by its name or because it is the password of a URL. */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, isSecretName(key) ? maskAll(each) : maskSecrets(each)]),
  );
}

/** A copy with `***` for every value; the keys stay. */
export function maskAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskAll);
  if (typeof value !== 'object' || value === null) return MASK;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, maskAll(each)]));
}
