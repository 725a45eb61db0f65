import { createPrivateKey, type KeyObject } from 'node:crypto';
import { fileText } from '@partner-ecosystem/platform/config';
import { z } from 'zod';

/** Where heads of the audit chain are exported to, and what they are signed with. */
export interface AuditHeadExport {
  readonly directory: string;
  /** private, EC P-256 */
  readonly key: KeyObject;
  readonly intervalMs: number;
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 };
const DAY_MS = 24 * UNITS.h;
const QUARTER_MS = 15 * UNITS.m;

/** Spread into the app's schema. */
export const auditHeadVariables = {
  AUDIT_HEAD_EXPORT_DIRECTORY: z.string().optional(),
  AUDIT_HEAD_KEY_FILE: signingKey().optional(),
  AUDIT_HEAD_INTERVAL: interval().default(QUARTER_MS),
};

type Given = z.infer<z.ZodObject<typeof auditHeadVariables>>;

/** For `superRefine` of the schema the variables were spread into: one alone would look like an export and be none. */
export function refuseHalfAnExport(given: Given, context: z.RefinementCtx): void {
  const { AUDIT_HEAD_EXPORT_DIRECTORY: directory, AUDIT_HEAD_KEY_FILE: key } = given;
  if ((directory === undefined) === (key === undefined)) return;
  const [missing, present] =
    directory === undefined ? ['EXPORT_DIRECTORY', 'KEY_FILE'] : ['KEY_FILE', 'EXPORT_DIRECTORY'];
  const message = `expected too, because AUDIT_HEAD_${present} is set: both, or neither`;
  context.addIssue({ code: 'custom', path: [`AUDIT_HEAD_${missing}`], message });
}

/** undefined: heads are not exported */
export function auditHeadExport(given: Given): AuditHeadExport | undefined {
  const { AUDIT_HEAD_EXPORT_DIRECTORY: directory, AUDIT_HEAD_KEY_FILE: key, AUDIT_HEAD_INTERVAL: intervalMs } = given;
  return directory === undefined || key === undefined ? undefined : { directory, key, intervalMs };
}

function signingKey() {
  const expected =
    'expected a P-256 private key in a PKCS#8 PEM file, as `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` makes it';
  return fileText().transform((pem, context) => {
    const key = privateKeyFrom(pem);
    if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

function privateKeyFrom(pem: string): KeyObject | undefined {
  if (!pem.includes('-----BEGIN PRIVATE KEY-----')) return undefined;
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function interval() {
  const expected = 'expected a whole number with a unit s, m or h, from 1s to 24h';
  return z
    .string({ error: expected })
    .regex(/^\d{1,5}[smh]$/, { error: expected, abort: true })
    .transform((text) => Number(text.slice(0, -1)) * UNITS[text.slice(-1) as keyof typeof UNITS])
    .refine((ms) => ms >= UNITS.s && ms <= DAY_MS, { error: expected });
}
