/**
 * Node's HTTP, as it is needed here. An `import` of `node:http` reads all that it exports, and with it loads Node's web
 * client: 14 MB and 30 ms (Node 24.21), which neither a master nor a short command has any use for.
 */
export const { createServer, request } = process.getBuiltinModule('node:http');
