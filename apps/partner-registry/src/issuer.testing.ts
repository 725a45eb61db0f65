import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Authority, Issued } from '@partner-ecosystem/test-pki';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** An issuer of bound tokens with a key made at run time, and its JWKS over https. */
export interface TestIssuer {
  issuer: string;
  jwksUri: string;
  issueToken(grant: TestGrant): Promise<string>;
  stop(): Promise<void>;
}

export interface TestGrant {
  /** the certificate that the token gets bound to */
  certificate: Issued;
  scopes: readonly string[];
  audience: string;
  /** default: a client that is not registered */
  clientId?: string;
}

const KID = 'test-key';

export async function startIssuer(authority: Authority): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: KID, alg: 'ES256', use: 'sig' };
  const server = await authority.issueServer({ names: ['localhost'] });
  const jwks = createServer({ cert: server.chainPem, key: server.privateKeyPem }, (_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await once(jwks.listen(0, '127.0.0.1'), 'listening');
  const issuer = `https://localhost:${(jwks.address() as AddressInfo).port}`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    issueToken: (grant) => signToken(grant, issuer, privateKey),
    stop: async () => {
      jwks.closeAllConnections();
      await once(jwks.close(), 'close');
    },
  };
}

function signToken(grant: TestGrant, issuer: string, key: CryptoKey): Promise<string> {
  const clientId = grant.clientId ?? `cli_${'c'.repeat(32)}`;
  return new SignJWT({
    client_id: clientId,
    partner_id: `ptn_${'a'.repeat(32)}`,
    scope: grant.scopes.join(' '),
    cnf: { 'x5t#S256': grant.certificate.thumbprint },
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: KID })
    .setIssuer(issuer)
    .setSubject(clientId)
    .setAudience(grant.audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(key);
}
