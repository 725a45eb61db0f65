import type { PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import type { Logger } from '@partner-ecosystem/platform/logging';
import type { RegistryIdentity } from '../operators/command-context.js';

/** How lists of foreign authorities are fetched. */
export interface CrlFetching {
  readonly networks: PermittedNetworks;
  /** PEM; trusted instead of the runtime's roots for https places */
  readonly ca: string | undefined;
  readonly maxBytes: number;
  /** milliseconds for all of it: name, connection, TLS, answer */
  readonly timeoutMs: number;
}

export interface CrlSettings extends CrlFetching {
  readonly identity: RegistryIdentity;
  readonly logger: Logger;
}

export const CRL_SETTINGS = Symbol('CRL_SETTINGS');
