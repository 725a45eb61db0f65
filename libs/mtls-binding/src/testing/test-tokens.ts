import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, SignJWT, type JWK } from 'jose';
import type { VerificationRules } from '../protocol/bound-token.js';
import { confirmationOf } from '../protocol/confirmation.js';
import { createTestKey, type TestKey } from './test-key.js';
import type { TestGrant } from './test-issuer.js';

const DEFAULTS = { partnerId: `ptn_${'a'.repeat(32)}`, clientId: `cli_${'c'.repeat(32)}`, lifetime: 300 };

/** The access tokens of a test issuer and the keys that sign them. */
export class TestTokens {
  #keys: readonly TestKey[];
  #signer: TestKey;
  readonly #issued = new Set<string>();
  readonly #forgotten = new Set<string>();

  constructor(
    private readonly issuer: string,
    first: TestKey,
  ) {
    this.#keys = [first];
    this.#signer = first;
  }

  get signer(): TestKey {
    return this.#signer;
  }

  get jwks(): { keys: JWK[] } {
    return { keys: this.#keys.map(({ jwk }) => jwk) };
  }

  /** How the issuer's own feed judges a token. */
  get rules(): VerificationRules {
    return { issuer: this.issuer, audience: this.issuer, keys: createLocalJWKSet(this.jwks) };
  }

  async rotate(): Promise<string> {
    this.#signer = await createTestKey();
    this.#keys = [...this.#keys, this.#signer];
    return this.#signer.kid;
  }

  mint(grant: TestGrant): Promise<string> {
    return this.#sign(grant, randomUUID());
  }

  /** As `mint`, for the token endpoint: the token can be forgotten later. */
  issue(grant: TestGrant): Promise<string> {
    const jti = randomUUID();
    this.#issued.add(jti);
    return this.#sign(grant, jti);
  }

  forget(): void {
    for (const jti of this.#issued) this.#forgotten.add(jti);
  }

  isForgotten(jti: string): boolean {
    return this.#forgotten.has(jti);
  }

  #sign(grant: TestGrant, jti: string): Promise<string> {
    const { partnerId, clientId, lifetime } = { ...DEFAULTS, ...grant };
    const iat = Math.floor((grant.issuedAt ?? new Date()).getTime() / 1000);
    const claims = {
      iss: this.issuer,
      sub: clientId,
      aud: grant.audience,
      iat,
      exp: iat + lifetime,
      jti,
      client_id: clientId,
      partner_id: partnerId,
      scope: grant.scopes?.join(' '),
      cnf: grant.certificate ? confirmationOf(grant.certificate.thumbprint) : undefined,
      ...grant.claims,
    };
    const { alg, kid, privateKey } = this.#signer;
    return new SignJWT(claims).setProtectedHeader({ alg, typ: 'at+jwt', kid }).sign(privateKey);
  }
}
