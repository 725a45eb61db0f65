import { join } from 'node:path';
import { switchOff } from '../../drills/revocations/revocation-drill.js';
import type { Bench, Experiment } from '../experiment.js';
import type { Figure } from '../figure.js';
import { summaryOf } from '../statistics.js';
import { atMost } from '../target.js';
import { onTokenScene } from '../tokens/token-scene.js';

const TRIALS = 200;
const QUICK_TRIALS = 20;
const SEED = 1;

/** P8: the drill of `npm run drill`, its slowest trial. */
export const revocationExperiment: Experiment = { ids: ['P8'], run };

function run(bench: Bench): Promise<Figure[]> {
  return onTokenScene(bench, 0, async ({ stack, directory }) => {
    const trials = bench.quick ? QUICK_TRIALS : TRIALS;
    bench.say(`P8  access taken away under load, ${trials} trials …`);
    const options = { seed: SEED, trials, signal: bench.signal, tell: () => undefined };
    const result = await switchOff(stack, { ...options, directory: join(directory, 'guards') });
    const millis = result.trials.map(({ lastRefusalMs }) => lastRefusalMs);
    const { answered, perSecond, unexpected } = result.load;
    return [
      {
        id: 'P8',
        name: 'p8-revocation',
        title: 'from the 200 to the last of three guards',
        unit: 'ms',
        summary: summaryOf(millis),
        judgedBy: 'slowest',
        target: atMost(1_000),
        details: result,
        perSecond: perSecond.toFixed(0),
        note: `slowest of ${millis.length}; ${answered} other requests, ${Object.keys(unexpected).length} kinds of surprise`,
      },
    ];
  });
}
