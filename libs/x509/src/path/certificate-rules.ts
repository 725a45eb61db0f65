import {
  isStrongKey,
  isStrongSignature,
  keyText,
  signatureText,
  STRONG_KEYS,
  STRONG_SIGNATURES,
} from '../certificate/algorithm-strength.js';
import { CLIENT_AUTH, purposesText } from '../certificate/purposes.js';
import { instantText } from '../leaf-checks/instant-text.js';
import type { PathNode } from './issuer-graph.js';

/** A rule that each certificate of a path keeps or breaks by itself, wherever in a path it stands. */
export interface CertificateRule {
  id: string;
  expected: string;
  hint: string;
  /** what breaks the rule; undefined: nothing does */
  offence: (node: PathNode, now: Date) => string | undefined;
}

/** What RFC 5280 6.1.3 and 6.1.4 ask of every certificate, dates of the anchor included. */
export const CERTIFICATE_RULES: readonly CertificateRule[] = [
  {
    id: 'path_not_yet_valid',
    expected: 'certificates whose first day of validity has begun',
    hint: 'Wait until then, or have it issued again; if the date looks right, check the clocks.',
    offence: ({ certificate }, now) =>
      now < certificate.notBefore ? `valid from ${instantText(certificate.notBefore)}` : undefined,
  },
  {
    id: 'path_expired',
    expected: 'certificates whose last day of validity has not passed',
    hint: 'Replace the expired certificate by its successor: often an authority has one already, for the same key.',
    offence: ({ certificate }, now) =>
      now > certificate.notAfter ? `valid until ${instantText(certificate.notAfter)}` : undefined,
  },
  {
    id: 'path_leaf_is_ca',
    expected: 'a leaf without CA:TRUE',
    hint: 'This is the certificate of an authority. Use the leaf certificate the client connects with.',
    offence: ({ certificate, role }) => (role === 'leaf' && certificate.isCa ? 'basic constraints CA:TRUE' : undefined),
  },
  {
    id: 'path_issuer_not_ca',
    expected: 'issuers with basic constraints CA:TRUE',
    hint: 'Somebody issued a certificate who is no authority: refuse it, and ask the partner how it came about.',
    offence: ({ certificate, role }) => (role !== 'leaf' && !certificate.isCa ? 'no CA:TRUE' : undefined),
  },
  {
    id: 'path_key_usage',
    expected: 'key usage, where there is one, with keyCertSign for issuers and digitalSignature for the leaf',
    hint: 'Have the certificate issued again with the right key usage.',
    offence: keyUsageOffence,
  },
  {
    id: 'path_extended_key_usage',
    expected: 'extended key usage, where there is one, with clientAuth: of issuers too',
    hint: 'The certificate, or the authority above it, is for another purpose. Use an authority for client certificates.',
    // as `openssl verify -purpose sslclient`: anyExtendedKeyUsage does not stand in for clientAuth
    offence: ({ certificate: { extendedKeyUsage } }) =>
      extendedKeyUsage?.includes(CLIENT_AUTH) === false ? purposesText(extendedKeyUsage) : undefined,
  },
  {
    id: 'path_unknown_critical_extension',
    // RFC 5280 4.2: who does not understand a critical extension must refuse the certificate
    expected: 'critical extensions that are understood here',
    hint: 'Have it issued without this extension, or with the extension not critical.',
    offence: ({ certificate: { unknownCriticalExtensions } }) => unknownCriticalExtensions.join(', ') || undefined,
  },
  {
    id: 'path_weak_key',
    expected: STRONG_KEYS,
    hint: 'Make a new key pair, P-256 for example; where it is an authority, have it do so.',
    offence: ({ certificate }) => (isStrongKey(certificate.key) ? undefined : keyText(certificate.key)),
  },
  {
    id: 'path_weak_signature',
    expected: `signatures with ${STRONG_SIGNATURES}`,
    hint: 'Have the certificate issued again with SHA-256; the key pair can stay.',
    // the anchor is believed for its key, which was chosen: nothing rests on who signed it
    offence: ({ certificate: { signatureAlgorithm }, role }) =>
      role === 'anchor' || isStrongSignature(signatureAlgorithm) ? undefined : signatureText(signatureAlgorithm),
  },
];

export function isSound(node: PathNode, now: Date): boolean {
  return CERTIFICATE_RULES.every(({ offence }) => offence(node, now) === undefined);
}

function keyUsageOffence({ certificate: { keyUsage }, role }: PathNode): string | undefined {
  const needed = role === 'leaf' ? 'digitalSignature' : 'keyCertSign';
  if (keyUsage === undefined || keyUsage.includes(needed)) return undefined;
  return `without ${needed}: ${keyUsage.join(', ') || 'no usage at all'}`;
}
