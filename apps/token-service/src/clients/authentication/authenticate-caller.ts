import { Injectable } from '@nestjs/common';
import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import type { Attempt } from '../../authentication-events/attempt.js';
import { Limits } from '../../limits/limits.js';
import { RegisteredClients } from '../registered-clients/registered-clients.js';
import type { AuthenticatedClient } from './authenticated-client.js';
import { ClientAuthentication } from './client-authentication.js';
import type { ClientRequest } from './client-request.js';

/** What a request to an OAuth endpoint comes with beside its parameters. */
export interface Arrival {
  readonly evidence: CertificateEvidence;
  readonly now: Date;
  readonly attempt: Attempt;
}

/** The one way into every OAuth endpoint: who asks is found, proven and held to its limit, in this order. */
@Injectable()
export class AuthenticateCaller {
  constructor(
    private readonly clients: RegisteredClients,
    private readonly authentication: ClientAuthentication,
    private readonly limits: Limits,
  ) {}

  /**
   * Tells the attempt whose it is; a refusal is recorded where it is answered.
   * @throws OAuthError `invalid_client`, 429, or what is needed and cannot be had
   */
  async authenticate(
    { clientId, assertion }: ClientRequest,
    { evidence, now, attempt }: Arrival,
  ): Promise<AuthenticatedClient> {
    const client = await this.clients.findByClientId(clientId);
    if (client) attempt.claims(client);
    const authenticated = await this.authentication.authenticateClient(client, { evidence, assertion }, now);
    attempt.proven();
    this.limits.admitClient(authenticated.client.clientId);
    return authenticated;
  }
}
