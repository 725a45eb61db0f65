import { parseArgs } from 'node:util';
import { composeStage } from './compose-stage.js';
import { runIntrusion } from './intruder/run-intrusion.js';
import { runLoad } from './load/run-load.js';
import { runDemo } from './run-demo.js';
import { STAGE_OPTIONS, stageOptionsFrom } from './stage-options.js';

const HELP = `caller: somebody who calls the compose stack from inside Docker. compose.yaml gives it the options that say where.

caller demo                                 tells the server-to-server story and checks it
caller load --seconds <n> --workers <n>     asks for tokens and reads shipments, and says what it saw
caller intruder --app <name> …              goes around the proxies, straight to the apps`;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    options: { ...STAGE_OPTIONS, seconds: text, workers: text, app: { ...text, multiple: true } },
    allowPositionals: true,
  });
  const stage = await composeStage(stageOptionsFrom(values));
  switch (positionals[0] ?? '') {
    case 'demo':
      return runDemo(stage);
    case 'load':
      await runLoad(stage, { seconds: Number(values.seconds), workers: Number(values.workers) });
      return 0;
    case 'intruder':
      return runIntrusion(stage, values.app ?? []);
    default:
      throw new Error(HELP);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
