import { ManyRound } from './many-round.js';

/** @returns 1 where it had flaws */
export async function runMany(processes: number): Promise<number> {
  const { flaws, figures } = await new ManyRound(processes).run();
  const texts = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  process.stdout.write(`${processes} processes: ${texts.join(', ')}\n`);
  for (const flaw of flaws) process.stdout.write(`  ${flaw}\n`);
  return flaws.length === 0 ? 0 : 1;
}
