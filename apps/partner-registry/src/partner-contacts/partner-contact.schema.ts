import { z } from 'zod';
import { instantOutput, rowOutput, text } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierOutput } from '../identifiers/identifier.js';
import { canonicalSubject } from '../subject-values/canonical-subject.js';
import { CONTACT_KINDS } from '../records/partner-contact.entity.js';

const kind = z.enum(CONTACT_KINDS);
const email = z
  .string()
  .max(320)
  .refine((address) => canonicalSubject('tls_client_auth_san_email', address) !== undefined, {
    error: 'expected an e-mail address',
  });

export const newContact = z.strictObject({ kind, name: text(200), email }).meta({ id: 'NewContact' });

export type NewContact = z.infer<typeof newContact>;

/** Neither may be null: a contact is erased as a whole. */
export const contactPatch = newContact.partial().meta({ id: 'ContactPatch' });

export type ContactPatch = z.infer<typeof contactPatch>;

export const contactQuery = z.strictObject({ ...pageParameters, kind: kind.optional() });

export type ContactQuery = z.infer<typeof contactQuery>;

export const contactOutput = z
  .object({
    id: identifierOutput('ctc'),
    partner_id: identifierOutput('ptn'),
    kind,
    name: z.string(),
    email: z.string(),
    verified_at: instantOutput.nullable(),
    ...rowOutput,
  })
  .meta({ id: 'Contact' });

/** What the audit and the changes say about a contact: that there is one, not who it is. */
export const contactReference = contactOutput.pick({ id: true, partner_id: true, kind: true, version: true });

export const contactPageOutput = pageOutput(contactOutput).meta({ id: 'ContactPage' });

export const newContactExamples = {
  incident: {
    summary: 'Whom to call at night',
    value: { kind: 'incident', name: 'Operations desk', email: 'noc@acme.example' },
  },
};

export const contactPatchExamples = {
  address: { summary: 'A new address, to be verified again', value: { email: 'soc@acme.example' } },
};

export const contactExamples = {
  incident: {
    summary: 'A contact',
    value: {
      id: 'ctc_0198c2f5a3b37c1d9e20415263748596',
      partner_id: 'ptn_0198c2f011117222833301234567890a',
      kind: 'incident',
      name: 'Operations desk',
      email: 'noc@acme.example',
      verified_at: null,
      version: 1,
      created_at: '2026-03-02T09:20:44.015Z',
      updated_at: '2026-03-02T09:20:44.015Z',
    },
  },
};
