import { z } from 'zod';
import { instantOutput, rowOutput } from '../http/fields.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';
import { FRESHNESS, freshnessOf, type Freshness } from './freshness.js';
import type { HeldCrl } from '../records/held-crl.entity.js';

/** Of base64: what `CRL_MAX_BYTES` allows at most. */
const LARGEST = 24 * 1024 * 1024;
const ONE_CONTENT = { error: 'expected either pem or der', path: ['pem'] };

export const newCrl = z
  .strictObject({
    pem: z.string().min(1).max(65_536).describe('One block `X509 CRL`.').optional(),
    der: z
      .string()
      .min(1)
      .max(LARGEST)
      // without groups: the body may have megabytes
      .regex(/^[A-Za-z0-9+/]+={0,2}$/, { error: 'expected base64' })
      .describe('One list in DER, base64.')
      .optional(),
  })
  .refine(({ pem, der }) => (pem === undefined) !== (der === undefined), ONE_CONTENT)
  .meta({ id: 'NewCrl' });

export type NewCrl = z.infer<typeof newCrl>;

/** Private, credentials and fragments: none of them is a part of where a public document lies. */
export const crlUri = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s#@"<>\\^`{|}]+$/, {
    error: 'expected an absolute http or https URI without user and fragment',
    abort: true,
  })
  .refine((uri) => URL.canParse(uri), { error: 'expected an absolute http or https URI' });

export const crlUris = z
  .array(crlUri)
  .max(8)
  .refine((uris) => new Set(uris).size === uris.length, { error: 'expected each URI once' })
  .describe('Where the lists of this authority, and of those below it, are fetched.');

export const crlOutput = z
  .object({
    id: identifierOutput('crl'),
    trust_anchor_id: identifierOutput('anc'),
    uri: z.string().nullable().describe('null: brought by hand, or kept from a place that has none of this issuer now'),
    freshness: z
      .enum(FRESHNESS)
      .describe('due: the next one should be there. stale: past next_update. missing: none was ever accepted.'),
    issuer_dn: z.string().nullable(),
    issuer_spki_sha256: z.string().nullable().describe('Of the key that signed it: the anchor’s, or of one below it.'),
    number: z.string().nullable().describe('CRL number, lower-case hex.'),
    this_update: instantOutput.nullable(),
    next_update: instantOutput.nullable(),
    entries: z.int().nullable().describe('How many certificates it names.'),
    sha256: z.string().nullable(),
    fetched_at: instantOutput.nullable().describe('When the list that is held was accepted.'),
    attempted_at: instantOutput.nullable(),
    failures: z.int().describe('Attempts since the last one that succeeded.'),
    last_error: z.string().nullable(),
    ...rowOutput,
  })
  .meta({ id: 'Crl' });

/** At most a place each, and one of each authority by hand: they come as a whole. */
export const crlsOutput = z
  .object({
    trust_anchor_id: identifierOutput('anc'),
    items: z.array(crlOutput),
  })
  .meta({ id: 'Crls' });

export type ShownCrl = HeldCrl & { readonly freshness: Freshness };

export function shownList(list: HeldCrl, now: Date): ShownCrl {
  return { ...list, freshness: freshnessOf(list, now) };
}
