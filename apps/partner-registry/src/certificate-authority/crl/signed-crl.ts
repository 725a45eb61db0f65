import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { RevocationReason } from '../../records/certificate-status.js';
import type { RevokedCertificate } from '../../records/revoked-certificate.js';
import { integer } from '../encoding/der.js';
import { signingAlgorithm } from '../encoding/signing-algorithm.js';
import { wholeSeconds } from '../encoding/whole-seconds.js';
import { issuerOf, type Signer } from '../signed-certificate.js';

const CRL_NUMBER = '2.5.29.20';
const { X509CrlReason } = x509;

const REASONS: Record<Exclude<RevocationReason, 'unspecified'>, x509.X509CrlReason> = {
  key_compromise: X509CrlReason.keyCompromise,
  ca_compromise: X509CrlReason.cACompromise,
  affiliation_changed: X509CrlReason.affiliationChanged,
  superseded: X509CrlReason.superseded,
  cessation_of_operation: X509CrlReason.cessationOfOperation,
  privilege_withdrawn: X509CrlReason.privilegeWithdrawn,
};

export interface CrlContent {
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedCertificate[];
}

/** A complete list (RFC 5280 section 5) with its number and the authority's key identifier, DER. */
export async function signedCrl(content: CrlContent, authority: Signer): Promise<Buffer> {
  const issuer = issuerOf(authority.certificate);
  const list = await x509.X509CrlGenerator.create(
    {
      issuer: issuer.name,
      thisUpdate: wholeSeconds(content.thisUpdate),
      nextUpdate: wholeSeconds(content.nextUpdate),
      entries: content.revoked.map(entryOf),
      extensions: [
        new x509.AuthorityKeyIdentifierExtension(issuer.keyId),
        new x509.Extension(CRL_NUMBER, false, integer(content.number)),
      ],
      signingKey: authority.privateKey,
      signingAlgorithm: signingAlgorithm(authority.privateKey),
    },
    webcrypto,
  );
  return Buffer.from(list.rawData);
}

// RFC 5280 5.3.1: no reason at all rather than `unspecified`
function entryOf({ serial, revokedAt, reason }: RevokedCertificate): x509.X509CrlEntryParams {
  const entry = { serialNumber: serial, revocationDate: wholeSeconds(revokedAt) };
  return reason === null || reason === 'unspecified' ? entry : { ...entry, reason: REASONS[reason] };
}
