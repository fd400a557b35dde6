import type { ModulesContainer } from '@nestjs/core';
import { COMMAND_META, ROOT_COMMAND_META, type CommandMetadata } from './command-metadata.js';

type InstanceWrapper = ReturnType<typeof wrappersOf>[number];
type CommandClass = abstract new (...args: never[]) => unknown;

/** A command class of the application. */
export interface DiscoveredCommand {
  readonly metadata: CommandMetadata;
  readonly type: CommandClass;
  readonly wrapper: InstanceWrapper;
}

/** Every command class that is a provider of the application, once each. */
export function discoverCommands(modules: ModulesContainer): DiscoveredCommand[] {
  const found = new Map<CommandClass, DiscoveredCommand>();
  for (const wrapper of wrappersOf(modules)) {
    const type = typeOf(wrapper);
    const metadata = type && readMetadata(COMMAND_META, type);
    if (metadata && !found.has(type)) found.set(type, { metadata, type, wrapper });
  }
  return [...found.values()];
}

/** True when the application runs under nest-commander: it is a command line, not a web server or a test. */
export function hasConsole(modules: ModulesContainer): boolean {
  return [...modules.values()].some(({ metatype }) => metatype?.name === 'CommandRunnerModule');
}

/** True when the application itself says what runs without a command's name. */
export function hasOwnDefaultCommand(modules: ModulesContainer): boolean {
  return wrappersOf(modules).some(({ metatype }) => metatype != null && isDefault(metatype));
}

/** True when a class that the application provides is the command `name`. */
export function hasCommand(modules: ModulesContainer, name: string): boolean {
  return wrappersOf(modules).some(({ metatype }) => {
    const metadata = typeof metatype === 'function' ? readMetadata(COMMAND_META, metatype) : undefined;
    return metadata !== undefined && [metadata.name, ...(metadata.aliases ?? [])].includes(name);
  });
}

function isDefault(type: object): boolean {
  const marked = readMetadata(COMMAND_META, type)?.options?.isDefault === true;
  return marked || readMetadata(ROOT_COMMAND_META, type) !== undefined;
}

function wrappersOf(modules: ModulesContainer) {
  return [...modules.values()]
    .flatMap((module) => [...module.providers.values()])
    .filter((wrapper) => !wrapper.isAlias);
}

/** The class of what a provider holds, also when a factory made it. */
function typeOf(wrapper: InstanceWrapper): CommandClass | undefined {
  const type: unknown = wrapper.instance?.constructor ?? wrapper.metatype;
  return typeof type === 'function' ? (type as CommandClass) : undefined;
}

function readMetadata(key: string, type: object): CommandMetadata | undefined {
  return Reflect.getMetadata(key, type) as CommandMetadata | undefined;
}
