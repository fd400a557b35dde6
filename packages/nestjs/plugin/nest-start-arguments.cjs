'use strict';

/** The flags of `nest start` (Nest CLI 11 and 12) that stand alone. */
const SWITCHES = (
  '-h --help -w --watch --watchAssets --webpack --type-check --no-type-check ' +
  '--emit-declarations --silent --tsc --preserveWatchOutput --shell --no-shell'
).split(' ');

/** Those that may have a value: the next argument, unless it begins with a dash, or what follows `=`. */
const VALUED = (
  '-c --config -p --path -b --builder -d --debug -e --exec ' +
  '--webpackPath --rspackPath --sourceRoot --entryFile --env-file'
).split(' ');

/** How many arguments from `args[0]` on are one flag of Nest's and its value, read as commander reads them: 0, 1 or 2. */
function countOfFlag([arg, next]) {
  if (SWITCHES.includes(arg)) return 1;
  if (VALUED.includes(arg)) return next !== undefined && isValue(next) ? 2 : 1;
  if (VALUED.includes(arg.split('=', 1)[0]) && arg.startsWith('--')) return 1;
  if (/^-[a-z]./.test(arg)) return countOfShortFlags(arg, next);
  return 0;
}

/** `-wd 9229` is `-w -d 9229`; `-d9229` is `-d 9229`. */
function countOfShortFlags(arg, next) {
  const first = arg.slice(0, 2);
  if (VALUED.includes(first)) return 1;
  return SWITCHES.includes(first) ? countOfFlag([`-${arg.slice(2)}`, next]) : 0;
}

function isValue(arg) {
  return !/^-./.test(arg) || /^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/.test(arg);
}

/** The value of one of Nest's flags, or undefined: of `-c x`, `--config x` and `--config=x`. */
function valueOf(args, short, long) {
  const at = args.findLastIndex((arg) => arg === short || arg === long);
  if (at >= 0) return args[at + 1];
  return args.find((arg) => arg.startsWith(`${long}=`))?.slice(long.length + 1);
}

/**
 * Splits the arguments after `nest start` into Nest's own and the application's, mixed in any order. The first word is
 * Nest's when it names a project; else it is the application's command.
 */
function splitArguments(args, projects) {
  const nest = [];
  const application = [];
  let named = false;
  for (let rest = args; rest.length > 0;) {
    const count = countOfFlag(rest);
    const names = !named && count === 0 && application.length === 0 && projects.includes(rest[0]);
    named ||= names;
    (count > 0 || names ? nest : application).push(...rest.slice(0, count || 1));
    rest = rest.slice(count || 1);
  }
  return { nest, application };
}

module.exports = { SWITCHES, VALUED, splitArguments, valueOf };
