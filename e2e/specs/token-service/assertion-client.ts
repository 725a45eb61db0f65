import { randomUUID } from 'node:crypto';
import type { Issued } from '@partner-ecosystem/test-pki';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { Answer } from '../../stack/admin/https-client.js';
import { clientCertificate, type StackUnderTest } from '../black-box/stack-under-test.js';
import { onboardClient } from './onboard-client.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A partner's server that authenticates by `private_key_jwt`, and what it signs. */
export class AssertionClient {
  private constructor(
    readonly id: string,
    private readonly identity: Issued,
    private readonly key: CryptoKey,
    private readonly stack: StackUnderTest,
  ) {}

  static async onboard(stack: StackUnderTest, partnerId: string): Promise<AssertionClient> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] };
    const fields = { token_endpoint_auth_method: 'private_key_jwt', jwks };
    const certificate = await clientCertificate('CN=assertions,O=Token service');
    const client = { partnerId, audience: stack.running.urls.resource, fields, certificate };
    return new AssertionClient(await onboardClient(stack.operator, client), certificate, privateKey, stack);
  }

  /** Good for a minute, and for once. */
  assertion(): Promise<string> {
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(this.id)
      .setSubject(this.id)
      .setAudience(this.stack.running.urls.issuer)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(this.key);
  }

  /** A token request with a new assertion, or with this one. */
  async ask(tokenEndpoint: string, assertion?: string): Promise<Answer> {
    const form = {
      grant_type: 'client_credentials',
      client_id: this.id,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion ?? (await this.assertion()),
    };
    return this.stack.client.send({ url: tokenEndpoint, identity: this.identity, form });
  }
}
