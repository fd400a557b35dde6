import { runCommandLine } from './harness/command-line.js';
import { BENCHMARKS } from './registry.js';

// Not exitCode: after Ctrl-C a measurement may still be waiting for what was stopped.
process.exit(await runCommandLine(process.argv.slice(2), BENCHMARKS));
