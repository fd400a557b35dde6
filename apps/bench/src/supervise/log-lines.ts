import type { Contender, Figure, MeasureRound } from '../harness/benchmark.js';
import { startProgram } from '../harness/program.js';
import type { Scope } from '../harness/scope.js';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES } from '../fixtures/paths.js';
import { Pm2 } from '../peers/pm2.js';
import { measureLog } from './log-measure.js';
import { Printers } from './printers.js';

const LINES = 200_000;

function launcherWith(children: number): Contender {
  return { name: 'launcher', open: async () => (round) => measureLauncher(round, children) };
}

async function measureLauncher(round: Scope, children: number) {
  const printers = await Printers.create(round, children, LINES);
  const log = join(await round.folder(), 'master.log');
  const file = openSync(log, 'a');
  const args = [printers.folder, String(children), String(LINES)];
  const master = await startProgram(round, FIXTURES.logMaster, { args, stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
  return measureLog(printers, log, master.pid!);
}

function pm2With(children: number): Contender {
  return { name: 'pm2 --time', attempts: 3, open: async (figure) => measurePm2(await Pm2.start(figure), children) };
}

/** `pm2 start --time --merge-logs`; the format is the one that `--time` stands for. */
function measurePm2(pm2: Pm2, children: number): MeasureRound {
  return async (round) => {
    const printers = await Printers.create(round, children, LINES);
    const log = join(await round.folder(), 'pm2.log');
    await round.defer(() => pm2.deleteAll());
    await pm2.startApp({
      name: 'printers',
      script: FIXTURES.linePrinter,
      args: printers.args,
      instances: children,
      exec_mode: 'fork',
      interpreter: process.execPath,
      autorestart: false,
      output: log,
      error: '/dev/null',
      pmx: false,
      vizion: false,
      merge_logs: true,
      log_date_format: 'YYYY-MM-DDTHH:mm:ss',
    });
    return measureLog(printers, log, pm2.pid);
  };
}

/** Timestamped, to one file; lines of the supervisor are checked one by one. */
export function logLines(children: number): Figure {
  return {
    name: `log-${children}`,
    title: `log of ${children} ${children === 1 ? 'child' : 'children'} with ${LINES.toLocaleString('en-US')} lines each`,
    rounds: 3,
    contenders: [launcherWith(children), pm2With(children)],
    metrics: [
      { key: 'linesPerSecond', label: 'output', unit: 'lines/s' },
      { key: 'cpuSeconds', label: 'CPU of the supervisor', unit: 's', digits: 2 },
      { key: 'broken', label: 'lines lost, cut, out of order', unit: 'lines' },
    ],
    comparisons: [
      { metric: 'linesPerSecond', contender: 'launcher', measure: 'ratio', against: 'pm2 --time', aim: { atLeast: 3 } },
      { metric: 'cpuSeconds', contender: 'launcher', measure: 'ratio', against: 'pm2 --time', aim: { atMost: 0.25 } },
      { metric: 'broken', contender: 'launcher', measure: 'worst', aim: { atMost: 0 } },
      { metric: 'broken', contender: 'pm2 --time', measure: 'worst' },
    ],
  };
}
