import { DEFAULT_ALGORITHM, type SigningAlgorithm } from '../records/signing-algorithm.js';

/**
 * What signed answers are signed with: ES256, or the first algorithm of a service that keeps no key for it. // A19
 * @param algorithms those for which access-token keys are kept; at least one
 */
export function introspectionAlgorithm(algorithms: readonly SigningAlgorithm[]): SigningAlgorithm {
  const [first = DEFAULT_ALGORITHM] = algorithms;
  return algorithms.includes(DEFAULT_ALGORITHM) ? DEFAULT_ALGORITHM : first;
}
