import { z } from 'zod';
import { wholeNumber } from '../config/pieces.js';
import { LimitsPolicy } from './limits-policy.js';

/** The variables of everything that `Limits` bounds, with an app's defaults; spread into its schema. */
export function limitVariables(defaults: LimitsPolicy = new LimitsPolicy()) {
  return {
    CLIENT_RATE_PER_SECOND: wholeNumber(1, 100_000).default(defaults.perClient.perSecond),
    CLIENT_RATE_BURST: wholeNumber(1, 100_000).default(defaults.perClient.burst),
    ADDRESS_RATE_PER_SECOND: wholeNumber(1, 1_000_000).default(defaults.perAddress.perSecond),
    ADDRESS_RATE_BURST: wholeNumber(1, 1_000_000).default(defaults.perAddress.burst),
    CONCURRENT_REQUESTS: wholeNumber(1, 100_000).default(defaults.concurrent),
    CONCURRENT_UNPROVEN_REQUESTS: wholeNumber(1, 100_000).optional(),
  };
}

type Given = z.infer<z.ZodObject<ReturnType<typeof limitVariables>>>;

export function limitsPolicy(given: Given): LimitsPolicy {
  const concurrent = given.CONCURRENT_REQUESTS;
  return new LimitsPolicy({
    perClient: { perSecond: given.CLIENT_RATE_PER_SECOND, burst: given.CLIENT_RATE_BURST },
    perAddress: { perSecond: given.ADDRESS_RATE_PER_SECOND, burst: given.ADDRESS_RATE_BURST },
    concurrent,
    concurrentUnproven: given.CONCURRENT_UNPROVEN_REQUESTS ?? Math.ceil(concurrent / 2),
  });
}
