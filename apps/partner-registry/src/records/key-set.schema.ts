import { readKeySet, X509Error, type PublicJwk } from '@partner-ecosystem/x509';
import { z } from 'zod';

const LARGEST_SET = 65_536;

/** A JWK Set of a client, as it is kept: the keys that are of use, and of those what was read. */
export interface KeySet {
  keys: PublicJwk[];
}

/**
 * A JWK Set as a client brings it (RFC 7517). What is not known in it is ignored; which of its keys are of use is decided
 * by the method of the client, in `AdoptClientKeys`. // A42
 */
export const keySet = z
  .looseObject({ keys: z.array(z.looseObject({})).min(1) })
  .refine((set) => Buffer.byteLength(JSON.stringify(set)) <= LARGEST_SET, { error: 'expected at most 64 KiB' })
  .superRefine((set, context) => {
    try {
      readKeySet(set);
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
      context.addIssue({ code: 'custom', path: ['keys'], message: `expected a set of fewer keys: ${error.message}` });
    }
  });

export type GivenKeySet = z.infer<typeof keySet>;

/** Where a client publishes its keys. The token service fetches it, with limits on size, time and address. // A21 */
export const keySetUri = z
  .string()
  .max(500)
  .regex(/^https:\/\/[^\s#@"<>\\^`{|}\p{Cc}]+$/u, {
    error: 'expected an absolute https URI without user and fragment',
    abort: true,
  })
  .refine((uri) => URL.canParse(uri), { error: 'expected an absolute https URI' });
