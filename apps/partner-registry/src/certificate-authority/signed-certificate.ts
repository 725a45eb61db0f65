import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Certificate, DistinguishedName } from '@partner-ecosystem/x509';
import { nameDer } from './encoding/name-der.js';
import { signingAlgorithm } from './encoding/signing-algorithm.js';

/** Who signs: a key with the certificate that goes with it. */
export interface Signer {
  readonly certificate: Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

export interface CertificateContent {
  /** hex */
  readonly serial: string;
  readonly subject: Pick<DistinguishedName, 'rdns'>;
  /** SubjectPublicKeyInfo, DER */
  readonly publicKey: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** besides the two key identifiers */
  readonly extensions: readonly x509.Extension[];
}

/** Signs one certificate; gives DER. `signer` without a certificate signs itself. */
export async function signedCertificate(
  content: CertificateContent,
  signer: Signer | Pick<Signer, 'privateKey'>,
): Promise<Buffer> {
  const subject = new x509.Name(nameDer(content.subject));
  const subjectKey = await x509.SubjectKeyIdentifierExtension.create(content.publicKey, false, webcrypto);
  const issuer = 'certificate' in signer ? issuerOf(signer.certificate) : { name: subject, keyId: subjectKey.keyId };
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: content.serial,
      subject,
      issuer: issuer.name,
      notBefore: content.notBefore,
      notAfter: content.notAfter,
      publicKey: content.publicKey,
      signingKey: signer.privateKey,
      signingAlgorithm: signingAlgorithm(signer.privateKey),
      extensions: [...content.extensions, subjectKey, new x509.AuthorityKeyIdentifierExtension(issuer.keyId)],
    },
    webcrypto,
  );
  return Buffer.from(certificate.rawData);
}

/** The name octet by octet, and the key identifier (RFC 5280 4.2.1.1), as the authority's own certificate has them. */
export function issuerOf({ der }: Certificate): { name: x509.Name; keyId: string } {
  const parsed = new x509.X509Certificate(der);
  const identifier = parsed.getExtension(x509.SubjectKeyIdentifierExtension);
  if (!identifier) throw new TypeError('the certificate of an authority without a subject key identifier');
  return { name: parsed.subjectName, keyId: identifier.keyId };
}
