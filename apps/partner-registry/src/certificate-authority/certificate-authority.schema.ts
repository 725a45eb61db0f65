import { z } from 'zod';
import { environment, instantOutput, rowOutput } from '../http/fields.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';

/** An authority as audit events and announcements show it: neither key nor list. */
export const certificateAuthorityOutput = z.object({
  id: identifierOutput('cau'),
  environment,
  status: z.enum(['active', 'retired']),
  subject_dn: z.string(),
  spki_sha256: z.string(),
  not_before: instantOutput,
  not_after: instantOutput,
  public_url: z.string(),
  trust_anchor_id: identifierOutput('anc'),
  crl_number: z.string(),
  crl_this_update: instantOutput.nullable(),
  crl_next_update: instantOutput.nullable(),
  ...rowOutput,
});
