/*
 * The program of an agent, as a relay starts it: `node agent-main.js <fleet> <name> <entry>`. What it loads comes from
 * Node's compile cache; that holds for this program alone, so it is no variable of the environment.
 */
import module from 'node:module';
import { compileCacheFolder } from '../local/slave-environment.js';

const cache = compileCacheFolder(process.env);
if (cache !== undefined) module.enableCompileCache(cache);
const { runAgentProgram } = await import('./agent-program.js');
await runAgentProgram(process.argv.slice(2));
