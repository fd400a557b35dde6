// A slave with a ledger of its own, as lives.sh: `params.ledger`; with `params.ignores` it does not stop.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { runSlave } from '@distributed-architecture/core';

function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(fields[0]) ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

await runSlave(async (handler) => {
  const { ledger, ignores } = handler.groupConfig.params;
  const before = existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').filter(Boolean) : [];
  for (const line of before) {
    const [pid, start, what] = line.split(' ');
    if (startOf(pid) === start) appendFileSync(`${ledger}.met`, `${pid} ${what}, by ${process.pid}\n`);
  }
  appendFileSync(ledger, `${process.pid} ${startOf(process.pid)} self\n`);
  if (ignores) await new Promise(() => setInterval(() => {}, 1000));
  while (await handler.sleep(3600));
});
