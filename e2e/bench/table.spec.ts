import { describe, expect, it } from 'vitest';
import { COMPARISONS } from './comparisons.js';
import type { Burst } from './loaded-server.js';
import type { Measured } from './measure.js';
import { summaryOf } from './statistics.js';
import { tableOf } from './table.js';

const burst = (cpuMicrosPerRequest: number): Burst => ({
  ...{ requests: 1, cpuMicrosPerRequest, requestsPerSecond: 10_000, generatorCpuMicrosPerRequest: 100 },
});

function measured(candidate: number): Measured {
  const rounds = [{ baseline: burst(100), candidate: burst(candidate) }];
  return {
    ...{ comparison: COMPARISONS[0]!, ratio: summaryOf([candidate / 100]) },
    pairs: [{ rounds, generatorCpuMicrosPerRequest: 20, residentBytes: { baseline: 1, candidate: 1 } }],
  };
}

describe('the table', () => {
  it('says beside each ratio what was aimed at, and whether it was reached', () => {
    expect(tableOf([measured(115)])).toMatch(/P3 .* 1\.150 +<= 1\.15 met /);
    expect(tableOf([measured(116)])).toMatch(/P3 .* 1\.160 +<= 1\.15 MISSED /);
  });

  it('says how much of its core the generator took', () => {
    expect(tableOf([measured(110)])).toMatch(/ 20%$/);
  });
});
