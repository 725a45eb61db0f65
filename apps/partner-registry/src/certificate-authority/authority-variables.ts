import { duration } from '@partner-ecosystem/platform/config';
import { keyEncryptionKey, keyEncryptionVariables } from '@partner-ecosystem/platform/key-encryption';
import { z } from 'zod';
import type { AuthorityPolicy } from './authority-settings.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Spread into the registry's schema. Without KEY_ENCRYPTION_KEY_FILE it makes neither certificates nor lists. */
export const authorityVariables = {
  KEY_ENCRYPTION_KEY_FILE: keyEncryptionVariables.KEY_ENCRYPTION_KEY_FILE.optional(),
  KEY_ENCRYPTION_KEY_PREVIOUS_FILE: keyEncryptionVariables.KEY_ENCRYPTION_KEY_PREVIOUS_FILE,
  SANDBOX_CERTIFICATE_VALIDITY: duration(HOUR, 400 * DAY).default(30 * DAY),
  PRODUCTION_CERTIFICATE_VALIDITY: duration(HOUR, 400 * DAY).default(90 * DAY),
  CRL_VALIDITY: duration(HOUR, 30 * DAY).default(DAY),
};

type Given = z.infer<z.ZodObject<typeof authorityVariables>>;

/** For `superRefine` of the schema they were spread into. */
export function refuseLonePrevious(given: Given, context: z.RefinementCtx): void {
  if (given.KEY_ENCRYPTION_KEY_FILE || !given.KEY_ENCRYPTION_KEY_PREVIOUS_FILE) return;
  const message = 'expected KEY_ENCRYPTION_KEY_FILE beside it';
  context.addIssue({ code: 'custom', path: ['KEY_ENCRYPTION_KEY_PREVIOUS_FILE'], message });
}

export function authorityPolicy(given: Given): AuthorityPolicy {
  const { KEY_ENCRYPTION_KEY_FILE: key, KEY_ENCRYPTION_KEY_PREVIOUS_FILE: previous } = given;
  return {
    keyEncryptionKey:
      key && keyEncryptionKey({ KEY_ENCRYPTION_KEY_FILE: key, KEY_ENCRYPTION_KEY_PREVIOUS_FILE: previous }),
    validityMs: { sandbox: given.SANDBOX_CERTIFICATE_VALIDITY, production: given.PRODUCTION_CERTIFICATE_VALIDITY },
    crlValidityMs: given.CRL_VALIDITY,
  };
}
