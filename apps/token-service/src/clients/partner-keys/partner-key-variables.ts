import { fileText } from '@partner-ecosystem/platform/config';
import { isNetwork, PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import { z } from 'zod';
import { KeySetSource } from './key-set-source.js';

const expected = 'expected networks such as 10.1.0.0/16,fd00::/8, without spaces';

/** Both may be left out; spread into the schema of the app. */
export const partnerKeyVariables = {
  /** PEM; trusted instead of the runtime's roots, for servers of partners that publish keys. */
  PARTNER_KEYS_CA_FILE: fileText().optional(),
  /** Where keys may be fetched from beside the public Internet: for tests, and partners in a private network. // A21 */
  PARTNER_KEYS_NETWORKS: z
    .string({ error: expected })
    .transform((text) => text.split(','))
    .refine((networks) => networks.every(isNetwork), { error: expected })
    .optional(),
};

export function keySetSource(given: z.infer<z.ZodObject<typeof partnerKeyVariables>>): KeySetSource {
  const networks = new PermittedNetworks(given.PARTNER_KEYS_NETWORKS);
  return new KeySetSource({ networks, ca: given.PARTNER_KEYS_CA_FILE });
}
