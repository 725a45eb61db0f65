import { createPublicKey, generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto';
import { parseCertificate, type DistinguishedName } from '@partner-ecosystem/x509';
import { parseCrl } from '@partner-ecosystem/x509/path';
import { REVOCATION_REASONS, type RevocationReason } from '../../records/certificate-status.js';
import { rootExtensions } from '../certificate-profile.js';
import { randomSerial } from '../encoding/random-serial.js';
import { wholeSeconds } from '../encoding/whole-seconds.js';
import type { RevokedCertificate } from '../../records/revoked-certificate.js';
import { signedCrl } from '../crl/signed-crl.js';
import { signedCertificate, type Signer } from '../signed-certificate.js';
import { AuthorityRefusal } from './authority-refusal.js';
import { daysAfter, yearsAfter } from './calendar.js';
import { assertStrong, RootDirectory } from './root-directory.js';

const ORGANIZATION = '2.5.4.10';
const COMMON_NAME = '2.5.4.3';

/** An opened root: its key is in memory while the command runs, and nowhere else. */
export interface Root extends Signer {
  /** DER */
  readonly list: Buffer;
}

export interface RootOptions {
  organization: string;
  /** whole years until the root ends */
  years: number;
  /** until its CRL ends */
  listDays: number;
}

/** Makes a P-384 root and its first, empty list. @throws AuthorityRefusal */
export async function createRoot(
  directory: RootDirectory,
  passphrase: string,
  o: RootOptions,
  now: Date,
): Promise<Root> {
  assertStrong(passphrase);
  if (directory.holdsRoot())
    throw new AuthorityRefusal('root_directory_unusable', `${directory.path} holds a root, or a part of one, already`);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const signing = await signingKeyOf(privateKey);
  const content = {
    serial: randomSerial(),
    subject: authorityName(`${o.organization} Root CA`, o.organization),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    notBefore: wholeSeconds(now),
    notAfter: wholeSeconds(yearsAfter(now, o.years)),
    extensions: rootExtensions(),
  };
  const certificate = await signedCertificate(content, { privateKey: signing });
  const signer = { certificate: parseCertificate(certificate), privateKey: signing };
  const list = await rootList({ ...signer, list: undefined }, { days: o.listDays, now });
  directory.write({ certificate, key: privateKey, list }, passphrase);
  return { ...signer, list };
}

/** @throws AuthorityRefusal `root_directory_unusable`, `passphrase_wrong`, `root_expired` */
export async function openRoot(directory: RootDirectory, passphrase: string, now: Date): Promise<Root> {
  const { certificate, key, list } = directory.read(passphrase);
  if (!certificate.isCa || !createPublicKey(key).equals(certificate.x509.publicKey))
    throw new AuthorityRefusal('root_directory_unusable', `${directory.path} holds no root`);
  if (certificate.notAfter <= now)
    throw new AuthorityRefusal('root_expired', `the root expired at ${certificate.notAfter.toISOString()}`);
  return { certificate, privateKey: await signingKeyOf(key), list };
}

/**
 * The root's next list: everything the one before names, and what is revoked now. Ends with the root at the latest.
 * @param root without a list: its first one
 */
export function rootList(
  root: Signer & { list: Buffer | undefined },
  { days, now, revoked = [] }: { days: number; now: Date; revoked?: readonly RevokedCertificate[] },
): Promise<Buffer> {
  const before = root.list && parseCrl(root.list);
  const kept = [...(before?.revoked ?? [])].map(([serial, { date, reason }]) => ({
    serial,
    revokedAt: date,
    reason: reasonFrom(reason),
  }));
  const known = new Set(kept.map(({ serial }) => serial));
  const end = daysAfter(now, days);
  const { notAfter } = root.certificate;
  return signedCrl(
    {
      number: BigInt(`0x${before?.number ?? '0'}`) + 1n,
      thisUpdate: now,
      nextUpdate: end < notAfter ? end : notAfter,
      revoked: [...kept, ...revoked.filter(({ serial }) => !known.has(serial))],
    },
    root,
  );
}

/** Whose root it is. */
export function organizationOf({ certificate }: Signer): string {
  const attributes = certificate.subject.rdns.flat();
  return attributes.find(({ oid }) => oid === ORGANIZATION)?.value ?? attributes[0]?.value ?? '';
}

/** `CN=…,O=…` of its parts, whatever characters are in them. */
export function authorityName(commonName: string, organization: string): Pick<DistinguishedName, 'rdns'> {
  return {
    rdns: [
      [{ oid: COMMON_NAME, form: 'text', value: commonName }],
      [{ oid: ORGANIZATION, form: 'text', value: organization }],
    ],
  };
}

// The names of RFC 5280 (`keyCompromise`, `cACompromise`) are ours without capitals and underscores.
function reasonFrom(name: string): RevocationReason {
  const plain = name.toLowerCase();
  return REVOCATION_REASONS.find((reason) => reason.replaceAll('_', '') === plain) ?? 'unspecified';
}

function signingKeyOf(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const namedCurve = key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : 'P-256';
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve }, false, ['sign']);
}
