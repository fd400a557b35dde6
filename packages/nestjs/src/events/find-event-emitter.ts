import type { ModuleRef } from '@nestjs/core';
import type { EventEmitter2 } from '@nestjs/event-emitter';

/** The application's EventEmitter2; undefined when it has none: events are optional. */
export async function findEventEmitter(moduleRef: Pick<ModuleRef, 'get'>): Promise<EventEmitter2 | undefined> {
  try {
    const { EventEmitter2 } = await import('@nestjs/event-emitter');
    return moduleRef.get(EventEmitter2, { strict: false });
  } catch {
    return undefined;
  }
}
