/**
 * What a master has node execute on a host (`node -e <this> <entry> run-agent`): the relay of the package that the entry
 * script would load, without loading the entry. A Nest application's takes half a second. Where the package is not
 * found from the entry's folder, the entry itself is run: it is the relay as well, by `run-agent`.
 *
 * Has no single quote and no line end: it goes through two shells.
 */
export const RELAY_BOOT = [
  'const{createRequire,runMain}=require("node:module");',
  'const entry=process.argv[1]=require("node:path").resolve(process.argv[1]);',
  'let program=entry;',
  'try{program=createRequire(entry).resolve("@distributed-architecture/core/relay")}catch{}',
  'runMain(program)',
].join('');
