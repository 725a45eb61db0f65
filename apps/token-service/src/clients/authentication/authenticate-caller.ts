import { Injectable } from '@nestjs/common';
import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { Limits } from '@partner-ecosystem/platform/limits';
import type { AuthenticationAttempt } from '../../authentication-events/authentication-attempt.js';
import { invalidClient, OAuthError } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { RegisteredClients } from '../registered-clients/registered-clients.js';
import type { AuthenticatedClient } from './authenticate-client.js';
import { ClientAuthentication } from './client-authentication.js';
import type { ClientRequest } from './client-request.js';

/** What a request to an OAuth endpoint comes with beside its parameters. */
export interface Caller {
  /** Undefined on the listener that asks for no certificate. */
  readonly evidence: CertificateEvidence | undefined;
  readonly now: Date;
  readonly attempt: AuthenticationAttempt;
}

/** A request over a connection that proved a certificate. */
export interface CallerWithCertificate extends Caller {
  readonly evidence: CertificateEvidence;
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
   * @returns the client with the certificate that a token can be bound to
   * @throws OAuthError `invalid_client`, 429, or what is needed and cannot be had
   */
  async authenticate(
    { clientId, assertion }: ClientRequest,
    { evidence, now, attempt }: CallerWithCertificate,
  ): Promise<AuthenticatedClient> {
    const authenticated = await this.prove(clientId, attempt, (client) =>
      this.authentication.authenticateClient(client, { evidence, assertion }, now),
    );
    this.admit(authenticated.client, attempt);
    return authenticated;
  }

  /**
   * For an endpoint whose answer is bound to nothing: without a certificate an assertion suffices. One that was presented
   * is judged as for a token. // A41
   * Throws like `authenticate`.
   */
  async identify(request: ClientRequest, { evidence, now, attempt }: Caller): Promise<RegisteredClient> {
    if (evidence) return (await this.authenticate(request, { evidence, now, attempt })).client;
    const { clientId, assertion } = request;
    if (!assertion) throw invalidClient('certificate_missing', 'neither a certificate nor an assertion was sent');
    const client = await this.prove(clientId, attempt, (found) =>
      this.authentication.authenticateByAssertion(found, assertion, now),
    );
    this.admit(client, attempt);
    return client;
  }

  /** What the limits knew of its certificate is forgotten when the proof fails. */
  private async prove<T>(
    clientId: string,
    attempt: AuthenticationAttempt,
    proof: (client: RegisteredClient | undefined) => Promise<T>,
  ): Promise<T> {
    try {
      const client = await this.clients.findByClientId(clientId, attempt.caller);
      if (client) attempt.claims(client);
      return await proof(client);
    } catch (error) {
      if (error instanceof OAuthError && error.code === 'invalid_client') this.limits.refused(attempt.caller);
      throw error;
    }
  }

  private admit({ clientId }: RegisteredClient, attempt: AuthenticationAttempt): void {
    attempt.proven();
    this.limits.proved(attempt.caller, clientId);
  }
}
