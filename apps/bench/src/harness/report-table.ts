import Table from 'cli-table3';
import type { Bound, Comparison, Figure, Metric } from './benchmark.js';
import type { ContenderReport, FigureReport, Report } from './report.js';
import type { Verdict } from './judge.js';

const HEAD = ['figure', 'contender', 'median (min-max)', 'compared', 'aim', ''];

/** The report for people: one row a metric and contender, aims beside the values that they bind. */
export function renderTable(report: Report, figures: readonly Figure[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [] }, wordWrap: true });
  for (const figure of report.figures) {
    const metrics = figures.find(({ name }) => name === figure.name)?.metrics ?? [];
    for (const metric of metrics) table.push(...metricRows(figure, metric));
  }
  return [table.toString(), ...footer(report)].join('\n');
}

function metricRows(figure: FigureReport, metric: Metric): string[][] {
  return figure.contenders.map((contender, index) => {
    const verdicts = figure.comparisons.filter(
      ({ comparison }) => comparison.metric === metric.key && comparison.contender === contender.name,
    );
    return [
      index === 0 ? `${figure.name}\n${metric.label}, ${metric.unit}` : '',
      contender.name,
      formatSummary(contender, metric),
      verdicts.map((verdict) => formatVerdict(verdict, metric)).join('\n'),
      verdicts.map(({ comparison }) => formatAim(comparison)).join('\n'),
      verdicts.map(({ met }) => formatMet(met)).join('\n'),
    ];
  });
}

function formatSummary({ summaries }: ContenderReport, metric: Metric): string {
  const { median, min, max } = summaries[metric.key];
  return `${formatNumber(median, metric)} (${formatNumber(min, metric)}-${formatNumber(max, metric)})`;
}

function formatVerdict({ comparison, value }: Verdict, metric: Metric): string {
  switch (comparison.measure) {
    case 'ratio':
      return `${value.toFixed(3)}x ${comparison.against}`;
    case 'difference':
      return `${value < 0 ? '' : '+'}${formatNumber(value, metric)} to ${comparison.against}`;
    case 'value':
      return formatNumber(value, metric);
    case 'worst':
      return `worst ${formatNumber(value, metric)}`;
  }
}

function formatAim({ aim, measure }: Comparison): string {
  if (!aim) return '-';
  return `${boundSign(aim)} ${boundValue(aim)}${measure === 'ratio' ? 'x' : ''}`;
}

function boundSign(bound: Bound): string {
  return 'atMost' in bound ? '<=' : '>=';
}

function boundValue(bound: Bound): number {
  return 'atMost' in bound ? bound.atMost : bound.atLeast;
}

function formatMet(met: boolean | undefined): string {
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
}

function formatNumber(value: number, { digits = 0 }: Metric): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function footer({ machine, date, seconds, met, figures }: Report): string[] {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const rounds = figures.map((figure) => `${figure.name} ${figure.rounds}`).join(', ');
  return [
    `machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}`,
    `versions: ${versions.join(', ')}`,
    `rounds: ${rounds}`,
    `date: ${date}, took ${seconds.toFixed(0)} s`,
    met ? 'All aims met' : 'At least one aim MISSED',
  ];
}
