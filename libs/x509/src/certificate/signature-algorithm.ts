import { childrenOf, context, tag, type DerElement } from '../der/der-reader.js';
import { objectIdentifierOf } from '../der/der-values.js';

export interface SignatureAlgorithm {
  /** dotted */
  oid: string;
  /** as RFC 5280 and its successors name it; the OID where the name is not known */
  name: string;
}

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSA',
  '1.2.840.10040.4.3': 'dsa-with-SHA1',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};
const PSS_HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
};

/** Of an AlgorithmIdentifier. Throws `der_malformed`. */
export function signatureAlgorithmOf(algorithmIdentifier: DerElement): SignatureAlgorithm {
  const [type, parameters] = childrenOf(algorithmIdentifier, tag.sequence);
  const oid = objectIdentifierOf(type);
  if (oid === RSASSA_PSS) return { oid, name: `rsassaPss-with-${pssHash(parameters)}` };
  return { oid, name: NAMES[oid] ?? oid };
}

// RFC 4055 3.1: the hash is a parameter, and SHA-1 where it is left out
function pssHash(parameters: DerElement | undefined): string {
  const fields = parameters === undefined ? [] : childrenOf(parameters, tag.sequence);
  const hash = fields.find(({ identifier }) => identifier === context.constructed(0));
  if (hash === undefined) return 'SHA1';
  const [algorithm] = childrenOf(hash, context.constructed(0));
  const oid = objectIdentifierOf(childrenOf(algorithm, tag.sequence)[0]);
  return PSS_HASHES[oid] ?? oid;
}
