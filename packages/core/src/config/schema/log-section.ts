import { DEFAULTS } from '../defaults.js';
import { LOG_LEVELS, type LogLevel } from '../../logger/logger.js';
import { integer } from '../types/number-types.js';
import { choice, path } from '../types/text-types.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({
  id: 'log',
  path: 'log',
  description:
    'The log of the master: files where it runs as a service; level and form hold in the foreground as well.',
})
export class LogSection {
  @Setting({
    type: path({ resolved: true }),
    default: DEFAULTS.logPath,
    description: 'Folder of the log files; made if missing',
  })
  path?: string;

  @Setting({
    type: choice(...LOG_LEVELS),
    default: DEFAULTS.logLevel,
    description: 'The least severe level that is written',
  })
  level?: LogLevel;

  @Setting({ type: choice('text', 'json'), default: DEFAULTS.logFormat, description: 'Form of the lines' })
  format?: 'text' | 'json';

  @Setting({
    type: integer(1, 1_048_576),
    unit: 'MB',
    default: DEFAULTS.logMaxSize,
    description: 'Size at which a new file is begun before the day ends',
  })
  maxSize?: number;

  @Setting({ type: integer(1, 100_000), default: DEFAULTS.logMaxFiles, description: 'Files that are kept' })
  maxFiles?: number;
}
