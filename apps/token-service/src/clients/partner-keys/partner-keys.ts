import { Injectable } from '@nestjs/common';
import type { ClientKeySet } from '@partner-ecosystem/x509';
import { invalidClient, OAuthError } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { SecondChanceMap } from '../registered-clients/second-chance-map.js';
import { FetchedKeySet } from './fetched-key-set.js';
import { KeySetSource } from './key-set-source.js';
import { PartnerKeyPolicy } from './partner-key-policy.js';
import { partnerKeySet } from './partner-key-set.js';
import { PartnerKeysError } from './partner-keys-error.js';

/** The public keys of clients: registered with them, or fetched from the address registered with them. // A21 */
@Injectable()
export class PartnerKeys {
  readonly #fetched: SecondChanceMap<FetchedKeySet>;
  /** A changed registration arrives as another object. */
  readonly #registered = new WeakMap<object, ClientKeySet>();

  constructor(
    private readonly source: KeySetSource,
    private readonly policy: PartnerKeyPolicy,
  ) {
    this.#fetched = new SecondChanceMap(policy.mostSets);
  }

  /**
   * @param suffices whether a set has what is looked for; one that was fetched is fetched again if not
   * @throws OAuthError `temporarily_unavailable` when the partner's server cannot be reached: the same request may pass
   *   later, so it is no verdict about the client. `invalid_client` when what is there is no key set that may be
   *   believed: it stays refused until the partner mends it.
   */
  async keysOf(client: RegisteredClient, suffices: (set: ClientKeySet) => boolean): Promise<ClientKeySet> {
    const { jwks, jwksUri } = client;
    if ((jwks === null) === (jwksUri === null)) {
      throw invalidClient('partner_keys_not_registered', 'neither or both of jwks and jwks_uri are registered');
    }
    try {
      return jwksUri === null ? this.readOnce(jwks!) : await this.fetchedFrom(jwksUri).keys(suffices);
    } catch (error) {
      throw error instanceof PartnerKeysError ? refusalOf(error, client) : error;
    }
  }

  private readOnce(jwks: object): ClientKeySet {
    const set = this.#registered.get(jwks) ?? partnerKeySet(jwks);
    this.#registered.set(jwks, set);
    return set;
  }

  private fetchedFrom(uri: string): FetchedKeySet {
    const known = this.#fetched.get(uri);
    if (known) return known;
    const set = new FetchedKeySet(async () => partnerKeySet(await this.source.fetch(uri)), this.policy);
    this.#fetched.set(uri, set);
    return set;
  }
}

function refusalOf(cause: PartnerKeysError, { jwksUri }: RegisteredClient): OAuthError {
  const message = `${jwksUri ?? 'jwks'}: ${cause.message}`;
  if (!cause.temporary) return invalidClient(cause.code, message, { cause });
  const description = "The client's jwks_uri could not be reached. Try again shortly.";
  return new OAuthError('temporarily_unavailable', cause.code, message, { cause, description });
}
