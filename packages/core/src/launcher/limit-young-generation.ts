/**
 * For a program that does nothing but run a launcher: keeps V8 from enlarging the heap of its young objects.
 *
 * All that a busy log makes are short-lived pieces of text. Whatever happens to be alive at a collection makes V8
 * double that heap, up to 32 MB; for a master whose output is read slowly RSS rose by 25 to 44 MB
 * (docs/benchmarks.md), with no gain in speed. V8 reads the flag each time it is about to grow, so it may be set late.
 */
export function limitYoungGeneration(): void {
  // Not imported: slaves load this file too, and the module would cost each of them memory.
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}
