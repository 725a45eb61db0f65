import { Inject, Injectable } from '@nestjs/common';
import {
  parseCertificate,
  sameDistinguishedName,
  type Certificate as ParsedCertificate,
  type CertificationRequest,
} from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { CERTIFICATE_ISSUER, type CertificateIssuer } from '../records/certificate-issuer.js';
import type { Certificate } from '../records/certificate.entity.js';
import { RegisterCertificate } from '../certificates/register-certificate.js';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { issuingUnavailable } from '../problems/certificate-request.errors.js';
import { IssuingAnchor } from './issuing-anchor.js';
import type { PlatformNames } from './platform-names.js';

/** Has the certificate made that a request asks for, and registers it with the client, which the caller has locked. */
@Injectable()
export class IssueCertificate {
  constructor(
    @Inject(CERTIFICATE_ISSUER) private readonly issuer: CertificateIssuer,
    private readonly anchor: IssuingAnchor,
    private readonly registration: RegisterCertificate,
  ) {}

  /** To be called before the client is locked. */
  async prepare(transaction: EntityManager, clientId: string): Promise<void> {
    await this.anchor.hold(transaction, clientId);
  }

  /** Whether there is an authority for the client's environment. */
  async isPossible(database: EntityManager, { environment }: Client, now: Date): Promise<boolean> {
    return (await this.issuer.longestValidity(environment, now, database)) !== null;
  }

  /** @throws RegistryError `issuing_unavailable`, `identity_taken`, and whatever `RegisterCertificate` refuses */
  async issue(
    mutation: ActiveMutation,
    client: Client,
    request: CertificateRequest,
    parsed: CertificationRequest,
    names: PlatformNames,
  ): Promise<Certificate> {
    const { transaction, now } = mutation;
    const { environment } = client;
    const notAfter = await this.issuer.longestValidity(environment, now, transaction);
    if (notAfter === null) throw issuingUnavailable(`There is no authority that issues for ${environment}.`);
    const order = {
      environment,
      csr: parsed.der,
      publicKey: parsed.publicKey,
      notBefore: now,
      notAfter,
      subject: names.subject.text,
      names: names.names,
    };
    const issued = await this.issuer.issue(order, transaction);
    const leaf = parseCertificate(issued.certificate);
    assertAsOrdered(leaf, parsed, names);
    await this.anchor.link(mutation, client, issued.trustAnchorId);
    const bundle = { leaf, chain: issued.chain.map((der) => parseCertificate(der)), passedOver: 0 };
    return this.registration.register(transaction, client, bundle, now, {
      status: request.activate ? 'active' : 'pending',
      source: request.replaces === null ? 'issued' : 'renewed',
      replaces: request.replaces ?? undefined,
      authorityId: issued.authorityId ?? undefined,
    });
  }
}

// An authority elsewhere may have a mind of its own: a certificate with another name or key is nobody's.
function assertAsOrdered(leaf: ParsedCertificate, { spkiSha256 }: CertificationRequest, expected: PlatformNames): void {
  const namesOf = (names: PlatformNames['names']) => names.map(({ kind, value }) => `${kind}:${value}`).sort();
  const [made, ordered] = [namesOf(leaf.subjectAlternativeNames), namesOf(expected.names)];
  const same =
    leaf.spkiSha256 === spkiSha256 &&
    sameDistinguishedName(leaf.subject, expected.subject) &&
    made.join('\n') === ordered.join('\n');
  if (!same) throw new Error('the authority made another certificate than the one it was asked for');
}
