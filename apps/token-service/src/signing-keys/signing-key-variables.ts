import { duration } from '@partner-ecosystem/platform/config';
import { z } from 'zod';
import { isSigningAlgorithm, SIGNING_ALGORITHMS } from '../records/signing-algorithm.js';
import { SigningKeyPolicy } from './signing-key-policy.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const DEFAULTS = new SigningKeyPolicy();

const expectedAlgorithms = `expected one or several of ${SIGNING_ALGORITHMS.join(',')}, without spaces`;

/** Guards keep a key set for ten minutes: no standby may sign before all have read it. */
const LEAST_PUBLISHED_MS = 15 * MINUTE;

/** Each has the default of SigningKeyPolicy; spread into the schemas of the app and of its commands. */
export const signingKeyVariables = {
  SIGNING_KEY_ROTATION: duration(MINUTE, 400 * DAY).default(DEFAULTS.rotationMs),
  SIGNING_KEY_PUBLISH_BEFORE_USE: duration(LEAST_PUBLISHED_MS, 30 * DAY).default(DEFAULTS.publishBeforeUseMs),
  SIGNING_ALGORITHMS: z
    .string({ error: expectedAlgorithms })
    .transform((text) => [...new Set(text.split(','))])
    .refine((names) => names.every(isSigningAlgorithm), { error: expectedAlgorithms })
    .transform((names) => names.filter(isSigningAlgorithm))
    .default([...DEFAULTS.algorithms]),
  SIGNING_KEY_POLL: duration(1_000, MINUTE).default(DEFAULTS.pollMs),
  SIGNING_KEY_STALE_AFTER: duration(5_000, 10 * MINUTE).default(DEFAULTS.staleAfterMs),
};

type Given = z.infer<z.ZodObject<typeof signingKeyVariables>>;

/** Holds the variables against one another, for `superRefine` of the schema they were spread into. */
export function refuseContradictions(given: Given, context: z.RefinementCtx): void {
  const refuse = (variable: keyof Given, message: string) =>
    context.addIssue({ code: 'custom', path: [variable], message });
  if (given.SIGNING_KEY_ROTATION <= given.SIGNING_KEY_PUBLISH_BEFORE_USE) {
    refuse('SIGNING_KEY_ROTATION', 'expected more than SIGNING_KEY_PUBLISH_BEFORE_USE, by default 24h');
  }
  if (given.SIGNING_KEY_STALE_AFTER < 3 * given.SIGNING_KEY_POLL) {
    refuse('SIGNING_KEY_STALE_AFTER', 'expected three times SIGNING_KEY_POLL or more, by default 30s');
  }
}

export function signingKeyPolicy(given: Given): SigningKeyPolicy {
  return new SigningKeyPolicy({
    algorithms: given.SIGNING_ALGORITHMS,
    rotationMs: given.SIGNING_KEY_ROTATION,
    publishBeforeUseMs: given.SIGNING_KEY_PUBLISH_BEFORE_USE,
    pollMs: given.SIGNING_KEY_POLL,
    staleAfterMs: given.SIGNING_KEY_STALE_AFTER,
  });
}
