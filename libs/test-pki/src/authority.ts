import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { element, objectIdentifier, setOf, tag } from './der.js';
import { issuedFrom, type Issued } from './issued.js';
import { leafExtensions } from './leaf-extensions.js';
import type { LeafOptions } from './leaf-options.js';
import { signCertificate, type Signer } from './sign-certificate.js';
import { generateKeys, keysFromPair, type SubjectKeys } from './subject-keys.js';
import { subjectName } from './subject-name.js';
import { authorityValidity, leafValidity, type Validity } from './validity.js';

/** A throwaway certificate authority. Its private keys stay in memory and are not handed out. */
export interface Authority {
  name: string;
  /** the root, PEM: what a `ca` option trusts */
  certificatePem: string;
  /** the root, then the intermediate if there is one; PEM */
  bundlePem: string;
  /** A server certificate for DNS names and IP addresses; the first name is the common name. */
  issueServer(options: { names: string[]; notBefore?: Date; notAfter?: Date }): Promise<Issued>;
  issueClient(options: LeafOptions): Promise<Issued>;
}

export interface AuthorityOptions {
  /** common name of the root; two authorities of one name have the same DN and different keys */
  name: string;
  /** sign leaves with an intermediate authority instead of the root */
  intermediate?: boolean;
  notBefore?: Date;
  notAfter?: Date;
}

/** A new P-256 authority, valid for a year unless told otherwise. Does not check: that dates or names make sense. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const validity = authorityValidity(options);
  const root = await createSigner(options.name, validity);
  const intermediate = options.intermediate
    ? await createSigner(`${options.name} Intermediate`, validity, root)
    : undefined;
  const intermediatesPem = intermediate?.certificatePem ?? '';
  const issue = (leaf: LeafOptions) => issueLeaf(leaf, intermediate ?? root, intermediatesPem);
  return {
    name: options.name,
    certificatePem: root.certificatePem,
    bundlePem: root.certificatePem + intermediatesPem,
    issueClient: issue,
    issueServer: ({ names, ...dates }) => issue({ ...dates, ...serverNames(names), extendedKeyUsage: ['serverAuth'] }),
  };
}

interface CertifiedSigner extends Signer {
  certificatePem: string;
}

async function createSigner(commonName: string, validity: Validity, parent?: Signer): Promise<CertifiedSigner> {
  const { pair, spki } = await generateKeys('P-256');
  const signer: Signer = { name: nameOf(commonName), pair: pair! };
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  const extensions = [
    new x509.BasicConstraintsExtension(true, parent ? 0 : undefined, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
  ];
  const der = await signCertificate({ subject: signer.name, spki, ...validity, extensions }, parent ?? signer);
  return { ...signer, certificatePem: new X509Certificate(der).toString() };
}

async function issueLeaf(options: LeafOptions, signer: Signer, intermediatesPem: string): Promise<Issued> {
  const keys: SubjectKeys = options.keys ? keysFromPair(options.keys) : await generateKeys(options.key ?? 'P-256');
  const content = { ...leafValidity(options), hash: options.hash, spki: keys.spki };
  const der = await signCertificate(
    { ...content, subject: subjectName(options.subject), extensions: leafExtensions(options) },
    signer,
  );
  return issuedFrom(der, keys.privateKeyPem, intermediatesPem);
}

function serverNames(names: string[]): LeafOptions {
  if (names.length === 0) throw new TypeError('a server certificate needs at least one name');
  const ip = names.filter((name) => isIP(name) !== 0);
  const dns = names.filter((name) => isIP(name) === 0);
  return { subject: `CN=${names[0]}`, dns, ip };
}

// taken as plain text, not as RFC 4514: a comma in an authority's name is a comma
function nameOf(commonName: string): x509.Name {
  const value = element(tag.utf8String, Buffer.from(commonName));
  return new x509.Name(element(tag.sequence, setOf([element(tag.sequence, objectIdentifier('2.5.4.3'), value)])));
}
