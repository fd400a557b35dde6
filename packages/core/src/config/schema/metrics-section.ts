import { DEFAULTS } from '../defaults.js';
import { integer } from '../types/number-types.js';
import { hostName, urlPath } from '../types/text-types.js';
import { Section } from './section.js';
import { Setting } from './setting.js';

@Section({
  id: 'metrics',
  path: 'metrics',
  description:
    'Metrics of the master over TCP, in the format of Prometheus. Without it they are on its control socket alone.',
})
export class MetricsSection {
  @Setting({ type: hostName(), default: DEFAULTS.metricsHost, description: 'Host or address to listen at' })
  host?: string;

  @Setting({ type: integer(1, 65_535), default: DEFAULTS.metricsPort, description: 'Port to listen at' })
  port?: number;

  @Setting({ type: urlPath(), default: DEFAULTS.metricsPath, description: 'Path of the page' })
  path?: string;
}
