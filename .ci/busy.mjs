#!/usr/bin/env node
// node .ci/busy.mjs 16 npm test: a command beside so many processes that do nothing but compute, to see that no verdict hangs
// on the clock. Ends with the command's exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';

const [count, command, ...args] = process.argv.slice(2);
if (!/^[1-9]\d{0,2}$/.test(count ?? '') || command === undefined) {
  console.error('node .ci/busy.mjs <how many busy processes, 1 to 999> <command> [its arguments]');
  process.exit(2);
}
const busy = Array.from({ length: Number(count) }, () =>
  spawn(process.execPath, ['-e', 'for (;;) Math.random();'], { stdio: 'ignore' }),
);
const end = () => busy.forEach((child) => child.kill('SIGKILL'));
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

const [code] = await once(spawn(command, args, { stdio: 'inherit' }), 'exit');
console.log(`Beside ${count} busy processes; load average at the end: ${loadavg()[0].toFixed(1)}.`);
process.exit(code ?? 1);
