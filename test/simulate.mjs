/** `npm run simulate`: schedules of a launcher, its agents and processes; with `--feed` those of a feeder and its consumers. */
const part = process.argv.includes('--feed') ? 'queue' : 'core';
await import(`../packages/${part}/dist/simulation/main.js`);
