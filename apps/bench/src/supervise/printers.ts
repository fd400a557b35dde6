import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from '../harness/scope.js';
import { waitUntil } from '../harness/wait.js';

/** Steers line printers, whoever started them, by files in a folder (see fixtures/line-printer.ts). */
export class Printers {
  private constructor(
    readonly folder: string,
    readonly count: number,
    readonly lines: number,
  ) {}

  static async create(scope: Scope, count: number, lines: number): Promise<Printers> {
    return new Printers(await scope.folder(), count, lines);
  }

  get totalLines(): number {
    return this.count * this.lines;
  }

  get args(): string[] {
    return [this.folder, String(this.lines)];
  }

  /** Resolves when all have made their text. */
  async ready(): Promise<void> {
    await this.files('ready-');
  }

  /** Lets them print. */
  go(): void {
    writeFileSync(join(this.folder, 'go'), '');
  }

  /** Resolves when all have printed all. */
  async done(): Promise<void> {
    await this.files('done-');
  }

  private async files(prefix: string): Promise<void> {
    const count = () => readdirSync(this.folder).filter((name) => name.startsWith(prefix)).length;
    await waitUntil(`${this.count} files ${prefix}*`, () => count() === this.count, 20);
  }
}
