import { DEFAULTS } from '../defaults.js';
import { choice, path, text, url } from '../types/text-types.js';
import { OnlyWith } from './rules.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

const BROKERS = ['redis', 'rabbitmq'];
const DEFAULT_DRIVER = { otherDefault: DEFAULTS.jobSourceDriver };

@Section({ id: 'source', path: 'job_queues.<name>.source', description: 'Where a feeder reads its items.' })
export class SourceSection {
  @Setting({
    type: choice('sqlite', ...BROKERS),
    default: DEFAULTS.jobSourceDriver,
    description: 'What holds the items',
  })
  driver?: 'sqlite' | 'redis' | 'rabbitmq';

  @Setting({
    type: path(),
    default: DEFAULTS.jobSourcePath,
    description: 'File of the database (`sqlite` only); a relative one starts at `path` of the queue',
  })
  @OnlyWith('driver', ['sqlite'], DEFAULT_DRIVER)
  path?: string;

  @Setting({
    type: url('redis', 'rediss', 'amqp', 'amqps'),
    description: 'Address of the server (`redis` and `rabbitmq`, where it is required)',
    secret: true,
  })
  @OnlyWith('driver', BROKERS, { ...DEFAULT_DRIVER, required: true })
  url?: string;

  @Setting({
    type: text(),
    defaultNote: 'the name of the group',
    description: 'Name of the queue on the server (`redis` and `rabbitmq` only)',
  })
  @OnlyWith('driver', BROKERS, DEFAULT_DRIVER)
  queue?: string;
}
