import { Injectable } from '@nestjs/common';
import { IssuerIdentity } from '../../process/issuer-identity.js';
import { UsedAssertions } from '../assertions/used-assertions.repository.js';
import { PublicKeyOwners } from '../certificate-policy/public-key-owners.js';
import { Crls } from '../certificate-policy/crls.js';
import { PartnerKeys } from '../partner-keys/partner-keys.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { authenticateByAssertion, authenticateClient, type AuthenticatedClient } from './authenticate-client.js';
import type { AuthenticationNeeds, ClientAssertion, ClientCredentials } from './authentication-method.js';

/** `authenticateClient` with what it needs of this process. */
@Injectable()
export class ClientAuthentication {
  readonly #needs: AuthenticationNeeds;

  constructor(
    keys: PartnerKeys,
    owners: PublicKeyOwners,
    lists: Crls,
    used: UsedAssertions,
    { issuer }: IssuerIdentity,
  ) {
    this.#needs = {
      issuer,
      keysOf: (client, suffices) => keys.keysOf(client, suffices),
      ownerOf: owners.ownerOf,
      listsOf: lists.listsOf,
      useOnce: (clientId, assertion) => used.useOnce(clientId, assertion),
    };
  }

  /**
   * @throws OAuthError `invalid_client`, naming the failed check for the log; `temporarily_unavailable` when a partner's
   *   keys cannot be fetched now; what the database says when it is needed and away
   */
  authenticateClient(
    client: RegisteredClient | undefined,
    credentials: ClientCredentials,
    now: Date,
  ): Promise<AuthenticatedClient> {
    return authenticateClient(client, credentials, now, this.#needs);
  }

  /** Rejects like `authenticateClient`. // A41 */
  authenticateByAssertion(
    client: RegisteredClient | undefined,
    assertion: ClientAssertion,
    now: Date,
  ): Promise<RegisteredClient> {
    return authenticateByAssertion(client, assertion, now, this.#needs);
  }
}
