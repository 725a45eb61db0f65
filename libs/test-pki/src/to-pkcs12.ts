import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const CMS_DATA = '1.2.840.113549.1.7.1';
const ITERATIONS = 10_000;

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto });

export interface Pkcs12Options {
  /** the leaf, PEM */
  certificatePem: string;
  /** PKCS#8, PEM */
  privateKeyPem: string;
  /** leaf and intermediates, PEM; a leaf in it is not stored twice */
  chainPem?: string;
  passphrase: string;
  /** what a browser's certificate chooser shows */
  friendlyName: string;
}

/**
 * A PKCS#12 file with PBES2 (AES-256-CBC, PBKDF2 with HMAC-SHA-256) and an HMAC-SHA-256 over all of it.
 * `openssl pkcs12`, NSS (`pk12util`) and Chromium import it. Throws TypeError when key and certificate do not match.
 */
export async function toPkcs12(options: Pkcs12Options): Promise<Buffer> {
  const leaf = new X509Certificate(options.certificatePem);
  const privateKey = createPrivateKey(options.privateKeyPem);
  if (!leaf.checkPrivateKey(privateKey)) throw new TypeError('the private key does not belong to the certificate');
  const password = bytesOf(Buffer.from(options.passphrase, 'utf8'));
  const encryption = {
    password,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  };
  const localKeyId = createHash('sha1').update(leaf.raw).digest();
  const attributes = bagAttributes(options.friendlyName, localKeyId);
  const shrouded = new pkijs.PKCS8ShroudedKeyBag({
    parsedValue: pkijs.PrivateKeyInfo.fromBER(bytesOf(privateKey.export({ type: 'pkcs8', format: 'der' }))),
  });
  await shrouded.makeInternalValues(encryption, engine);
  const keyBag = new pkijs.SafeBag({ bagId: KEY_BAG, bagValue: shrouded, bagAttributes: attributes });
  const others = certificatesIn(options.chainPem ?? '').filter(({ raw }) => !raw.equals(leaf.raw));
  const certificateBags = [certificateBag(leaf, attributes), ...others.map((other) => certificateBag(other))];
  return sealed([keyBag], certificateBags, encryption);
}

interface Encryption {
  password: ArrayBuffer;
  contentEncryptionAlgorithm: { name: string; length: number };
  hmacHashAlgorithm: string;
  iterationCount: number;
}

async function sealed(keys: pkijs.SafeBag[], certificates: pkijs.SafeBag[], encryption: Encryption): Promise<Buffer> {
  const authenticatedSafe = new pkijs.AuthenticatedSafe({
    parsedValue: {
      // the key bag is encrypted itself; the certificates' contents are encrypted as a whole
      safeContents: [
        { privacyMode: 0, value: new pkijs.SafeContents({ safeBags: keys }) },
        { privacyMode: 1, value: new pkijs.SafeContents({ safeBags: certificates }) },
      ],
    },
  });
  await authenticatedSafe.makeInternalValues({ safeContents: [{}, { ...encryption, contentType: CMS_DATA }] }, engine);
  const pfx = new pkijs.PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } });
  const { password, hmacHashAlgorithm, iterationCount } = encryption;
  const pbkdf2HashAlgorithm = { name: hmacHashAlgorithm };
  await pfx.makeInternalValues(
    { password, iterations: iterationCount, pbkdf2HashAlgorithm, hmacHashAlgorithm },
    engine,
  );
  return Buffer.from(pfx.toSchema().toBER(false));
}

function certificateBag(certificate: X509Certificate, bagAttributes?: pkijs.Attribute[]): pkijs.SafeBag {
  const parsedValue = pkijs.Certificate.fromBER(bytesOf(certificate.raw));
  const certId = X509_CERTIFICATE;
  const certValue = new asn1js.OctetString({ valueHex: bytesOf(certificate.raw) });
  const bagValue = new pkijs.CertBag({ certId, certValue, parsedValue });
  return new pkijs.SafeBag({ bagId: CERTIFICATE_BAG, bagValue, ...(bagAttributes && { bagAttributes }) });
}

function bagAttributes(friendlyName: string, localKeyId: Buffer): pkijs.Attribute[] {
  return [
    new pkijs.Attribute({ type: FRIENDLY_NAME, values: [new asn1js.BmpString({ value: friendlyName })] }),
    new pkijs.Attribute({ type: LOCAL_KEY_ID, values: [new asn1js.OctetString({ valueHex: bytesOf(localKeyId) })] }),
  ];
}

function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

// asn1js keeps whole ArrayBuffers; a Buffer may be a window into node's pool
function bytesOf(buffer: Uint8Array): ArrayBuffer {
  return Uint8Array.from(buffer).buffer;
}
