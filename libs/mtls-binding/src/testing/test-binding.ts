import { randomBytes, X509Certificate } from 'node:crypto';
import { thumbprintOf } from '@partner-ecosystem/x509';
import { createLocalJWKSet } from 'jose';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import type { MtlsBindingOptions } from '../nest/options.js';
import { TestCertificateSource } from './test-certificate-source.js';
import type { TestGrant, TestRevocation } from './test-issuer.js';
import { createTestKey } from './test-key.js';
import { TestRevocations } from './test-revocations.js';
import { TestTokens } from './test-tokens.js';

/** What of the API's own options its specs want to keep; the rest is made up. */
export type TestBindingOptions = Partial<
  Pick<
    MtlsBindingOptions,
    'issuer' | 'audience' | 'mode' | 'verifiedTokens' | 'resourceMetadata' | 'resourceMetadataUrl'
  >
>;

/** A client certificate as far as the guard is concerned. */
export interface TestCertificate extends CertificateEvidence {
  /** Send them, and the request presents it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** As `TestGrant`; everything has a default. */
export interface TestBindingGrant extends Partial<Omit<TestGrant, 'certificate'>> {
  /** who gets the token; default: a new one */
  readonly certificate?: TestCertificate;
  /** true: a plain bearer token, without `cnf` */
  readonly plain?: boolean;
}

export interface TestCredentials {
  readonly token: string;
  readonly certificate: TestCertificate;
  /** the token together with its own certificate: what the right client sends */
  readonly headers: Readonly<Record<string, string>>;
  /** The same token from somebody else: over a connection with another certificate, or (null) with none. */
  as(certificate: TestCertificate | null): Record<string, string>;
}

/** See `testBinding()`. */
export interface TestBinding {
  /** for `MtlsBindingModule`, or to override `MTLS_BINDING_OPTIONS` with */
  readonly options: MtlsBindingOptions;
  /**
   * A certificate to present.
   * @param pem a real one, for routes that read it; default: random bytes with a thumbprint
   */
  certificate(pem?: string): TestCertificate;
  /** A token that `options` accept, and the certificate that it is bound to. */
  mint(grant?: TestBindingGrant): Promise<TestCredentials>;
  /** In force with the next request. */
  revoke(revocation: TestRevocation): void;
  /** Whether the revocations are too old to be acted on: 503 for whoever would pass. */
  staleRevocations(stale: boolean): void;
}

const DEFAULTS = { issuer: 'https://issuer.test', audience: 'https://api.test' };

/**
 * A guarded API without TLS, issuer or network, for the specs of an API team: `options` for the module, and requests that it
 * lets in or refuses. The guard itself is the real one; only where keys, certificates and revocations come from is replaced.
 * The signing key is made now and stays in this process: what production trusts is not touched, and an API that starts with
 * these options in production warns at boot and refuses everybody.
 *
 * Does not check: the TLS listener or proxy of the API, nor how it reaches its issuer. `startTestIssuer()` is for these.
 */
export async function testBinding(own: TestBindingOptions = {}): Promise<TestBinding> {
  const given = { ...DEFAULTS, ...own };
  const tokens = new TestTokens(given.issuer, await createTestKey());
  const certificateSource = new TestCertificateSource();
  const revocations = new TestRevocations(given.issuer);
  const certificate = (pem?: string): TestCertificate => {
    const evidence = evidenceOf(pem === undefined ? randomBytes(32) : new X509Certificate(pem).raw);
    return { ...evidence, headers: certificateSource.headersFor(evidence) };
  };
  return {
    options: { ...given, keys: createLocalJWKSet(tokens.jwks), certificateSource, revocations },
    certificate,
    mint: async ({ plain = false, certificate: holder = certificate(), ...grant } = {}) => {
      const audience = grant.audience ?? given.audience;
      return credentialsOf(await tokens.mint({ ...grant, audience, certificate: plain ? null : holder }), holder);
    },
    revoke: (revocation) => revocations.revoke(revocation),
    staleRevocations: (stale) => {
      revocations.areStale = stale;
    },
  };
}

function evidenceOf(der: Buffer): CertificateEvidence {
  return { der, thumbprint: thumbprintOf(der), source: 'socket' };
}

function credentialsOf(token: string, certificate: TestCertificate): TestCredentials {
  const as = (presented: TestCertificate | null) => ({ ...presented?.headers, authorization: `Bearer ${token}` });
  return { token, certificate, headers: as(certificate), as };
}
