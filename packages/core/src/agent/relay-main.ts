/* `@distributed-architecture/core/relay`, the program of a relay: see relay-boot.ts. */
import { runRelay } from './run-relay.js';

await runRelay();
