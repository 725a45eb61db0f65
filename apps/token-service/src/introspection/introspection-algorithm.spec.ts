import { expect, it } from 'vitest';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../records/signing-algorithm.js';
import { introspectionAlgorithm } from './introspection-algorithm.js';

it.each<[readonly SigningAlgorithm[], SigningAlgorithm]>([
  [SIGNING_ALGORITHMS, 'ES256'],
  [['PS256', 'ES256'], 'ES256'],
  [['PS256', 'EdDSA'], 'PS256'],
])('A19, A31: with keys for %j answers are signed with %s', (algorithms, expected) => {
  expect(introspectionAlgorithm(algorithms)).toBe(expected);
});
