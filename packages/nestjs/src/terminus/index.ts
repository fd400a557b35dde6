export { FleetHealthIndicator, type FleetHealthTarget } from './fleet-health-indicator.js';
export { FleetHealthTargetError, TerminusMissingError } from './terminus-errors.js';
