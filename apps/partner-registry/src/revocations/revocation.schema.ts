import { z } from 'zod';
import { instantOutput } from '../http/fields.schema.js';

export const allTokensRevoked = z
  .object({ reason: z.string(), recorded_at: instantOutput })
  .meta({ id: 'AllTokensRevoked' });

export type AllTokensRevoked = z.input<typeof allTokensRevoked>;

export const allTokensRevokedExamples = {
  incident: {
    summary: 'Every token until now',
    value: { reason: 'A partner’s token was used by somebody else', recorded_at: '2026-03-02T09:14:07.512Z' },
  },
};
