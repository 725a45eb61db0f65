import type { ClientKeySet } from '@partner-ecosystem/x509';
import type { KeyOwnerLookup } from '../certificate-policy/assert-own-key.js';
import type { CrlLookup } from '../certificate-policy/crls.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';

/** What authenticating takes beside the registration and the request. */
export interface AuthenticationNeeds {
  /** Our issuer identifier. */
  readonly issuer: string;
  /** The client's keys, asked for until a set has what `suffices` looks for, if that can be. */
  readonly keysOf: (client: RegisteredClient, suffices: (set: ClientKeySet) => boolean) => Promise<ClientKeySet>;
  readonly ownerOf: KeyOwnerLookup;
  readonly listsOf: CrlLookup;
  /** @returns false when the assertion was used before */
  readonly useOnce: (clientId: string, assertion: { jti: string; expiresAt: Date }) => Promise<boolean>;
}
