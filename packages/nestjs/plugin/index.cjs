'use strict';

/**
 * Plugin of the Nest CLI: makes `nest start run-master --max-running-time 3600` work as typed.
 *
 * Nest's CLI passes to the application only what follows `--`. It loads its plugins in its own process, after it has
 * parsed its command line and before it starts the application: here the `--` can still be put before what is the
 * application's. Where a `--` was typed, nothing is changed.
 */

const { readFileSync } = require('node:fs');
const { splitArguments, valueOf } = require('./nest-start-arguments.cjs');

/** Tells a project's name, a word for Nest alone, from a command of the application. */
function projectsOf(args) {
  const file = valueOf(args, '-c', '--config');
  const files = file === undefined ? ['nest-cli.json', '.nest-cli.json'] : [file];
  return files.flatMap((name) => Object.keys(readProjects(name)));
}

function readProjects(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).projects ?? {};
  } catch {
    return {}; // Nest's CLI has read the same file before, and has its own words for what is wrong with it
  }
}

function insertSeparator(argv) {
  const args = argv.slice(3);
  if (argv[2] !== 'start' || args.includes('--')) return;
  const { nest, application } = splitArguments(args, projectsOf(args));
  if (application.length > 0) argv.splice(3, args.length, ...nest, '--', ...application);
}

insertSeparator(process.argv);

/** Nest's CLI refuses a plugin that transforms nothing; this one leaves every file as it is. */
exports.before = () => () => (sourceFile) => sourceFile;
