import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { registerLabelledGauges } from './index.js';

it('labelled gauges say what is said now, and nothing that was said before', async () => {
  const registry = new Registry();
  let ages = new Map([
    ['a', 1],
    ['b', 2.5],
  ]);
  registerLabelledGauges(registry, [{ name: 'spec_age', help: 'Of each', label: 'list', values: () => ages }]);
  expect(await registry.metrics()).toMatch(/^spec_age\{list="a"\} 1\nspec_age\{list="b"\} 2\.5$/m);
  ages = new Map([['b', 3]]);
  const metrics = await registry.metrics();
  expect(metrics).toMatch(/^spec_age\{list="b"\} 3$/m);
  expect(metrics).not.toContain('list="a"');
});
