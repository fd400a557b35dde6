import type { LogLevel } from '@nestjs/common';
import { listenedEvent } from '../events/listener-scope.js';

/** Nest logs what an `@OnEvent` method throws by itself, but does not say which event it was. */
export function withEvent(level: LogLevel, text: string, context: string | undefined): string {
  const event = level === 'error' && context === 'Event' ? listenedEvent.getStore() : undefined;
  return event === undefined ? text : `A listener of ${event} failed: ${text}`;
}
