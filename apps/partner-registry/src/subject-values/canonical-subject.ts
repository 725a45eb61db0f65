import { isIP } from 'node:net';
import { parseDistinguishedName } from '@partner-ecosystem/x509';
import type { SubjectField } from './subject-value.js';

export const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/;
export const LOCAL_PART = /^[\x21\x23-\x27\x2a\x2b\x2d-\x39\x3d\x3f\x41-\x5a\x5e-\x7e]{1,64}$/;
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

const CANONICAL: Readonly<Record<SubjectField, (text: string) => string | undefined>> = {
  tls_client_auth_subject_dn: canonicalName,
  tls_client_auth_san_dns: canonicalDns,
  tls_client_auth_san_uri: canonicalUri,
  tls_client_auth_san_ip: canonicalIp,
  tls_client_auth_san_email: canonicalEmail,
};

/**
 * The form in which a subject value is stored, shown and compared; undefined for what is no value of its kind, so that
 * nothing is registered that no certificate could ever carry. // A12
 */
export function canonicalSubject(field: SubjectField, text: string): string | undefined {
  return CANONICAL[field](text);
}

// An empty name is equal to every other empty name, and identifies nobody.
function canonicalName(text: string): string | undefined {
  try {
    const name = parseDistinguishedName(text);
    return name.rdns.length > 0 && name.text.length <= 1000 ? name.text : undefined;
  } catch {
    return undefined;
  }
}

// ASCII only (an internationalized name is given in its xn-- form), never a wildcard, never an address.
function canonicalDns(text: string): string | undefined {
  const name = text.toLowerCase();
  const labels = name.split('.');
  const sound = /^[\x21-\x7e]{1,253}$/.test(text) && labels.every((label) => LABEL.test(label));
  return sound && !/^\d+$/.test(labels.at(-1)!) ? name : undefined;
}

// Compared octet by octet, so nothing about it is changed.
function canonicalUri(text: string): string | undefined {
  return text.length <= 1000 && ABSOLUTE_URI.test(text) && URL.canParse(text) ? text : undefined;
}

// RFC 5952; an address that maps IPv4 keeps its dotted tail, as certificates' addresses are shown.
function canonicalIp(text: string): string | undefined {
  const version = text.includes('%') ? 0 : isIP(text);
  if (version !== 6) return version === 4 ? text : undefined;
  const written = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(written);
  if (!mapped) return written;
  const octets = mapped.slice(1).flatMap((group) => [...Buffer.from(group.padStart(4, '0'), 'hex')]);
  return `::ffff:${octets.join('.')}`;
}

// RFC 5321 section 2.4: the domain has no case, the part before it may have.
function canonicalEmail(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const domain = at > 0 ? canonicalDns(text.slice(at + 1)) : undefined;
  return domain !== undefined && LOCAL_PART.test(text.slice(0, at)) ? `${text.slice(0, at)}@${domain}` : undefined;
}
