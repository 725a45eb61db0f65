import { fileText } from '@partner-ecosystem/platform/config';
import { isNetwork, PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import { z } from 'zod';
import type { CrlFetching } from '../certificate-paths/crl-settings.js';

const MEBIBYTE = 1024 * 1024;
const TIMEOUT_MS = 15_000;
const networksExpected = 'expected networks such as 10.1.0.0/16,fd00::/8, without spaces';
const bytesExpected = 'expected a number of octets, 1024 to 16777216';

/** All may be left out; spread into the schema of the app. */
export const crlVariables = {
  /** Where lists may be fetched from beside the public Internet. */
  CRL_ALLOWED_NETWORKS: z
    .string({ error: networksExpected })
    .transform((text) => text.split(','))
    .refine((networks) => networks.every(isNetwork), { error: networksExpected })
    .optional(),
  /** Of one list, as it comes. */
  CRL_MAX_BYTES: z
    .string({ error: bytesExpected })
    .regex(/^[1-9]\d{3,7}$/, { error: bytesExpected, abort: true })
    .transform(Number)
    .refine((bytes) => bytes >= 1024 && bytes <= 16 * MEBIBYTE, { error: bytesExpected })
    .default(8 * MEBIBYTE),
  /** PEM; trusted instead of the runtime's roots, for https places. */
  CRL_CA_FILE: fileText().optional(),
};

export function crlFetching(given: z.infer<z.ZodObject<typeof crlVariables>>): CrlFetching {
  const networks = new PermittedNetworks(given.CRL_ALLOWED_NETWORKS);
  return { networks, ca: given.CRL_CA_FILE, maxBytes: given.CRL_MAX_BYTES, timeoutMs: TIMEOUT_MS };
}
