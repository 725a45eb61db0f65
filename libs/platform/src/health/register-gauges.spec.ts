import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { registerGauges } from './index.js';

it('gauges are read whenever the metrics are asked for, also when there is nothing finite to say', async () => {
  const registry = new Registry();
  let age = Infinity;
  registerGauges(registry, [
    { name: 'spec_age_seconds', help: 'Since the last one', value: () => age },
    { name: 'spec_entries', help: 'Held', value: () => 3 },
  ]);
  expect(await registry.metrics()).toMatch(/^spec_age_seconds \+Inf$[^]*^spec_entries 3$/m);
  age = 1.5;
  expect(await registry.metrics()).toMatch(/^spec_age_seconds 1\.5$/m);
  expect(() => registerGauges(registry, [{ name: 'spec_entries', help: 'again', value: () => 0 }])).toThrow();
});
