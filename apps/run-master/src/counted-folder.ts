import type { GroupConfig, Logger } from '@distributed-architecture/nestjs';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder that `params.folder` names, as an absolute path. */
export function countedFolder(group: GroupConfig): string {
  return resolve(String(group.params.folder ?? 'node_modules'));
}

/** For `preRunCheck`: says what is wrong while nothing has been started. */
export function checkCountedFolder(group: GroupConfig, logger: Logger): boolean {
  const folder = countedFolder(group);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return true;
  logger.error(`There is no folder ${folder} to count (params.folder of the group "${group.name}")`);
  return false;
}
