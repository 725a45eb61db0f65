import { parseDistinguishedName, X509Error } from '@partner-ecosystem/x509';
import { LABEL, LOCAL_PART } from './canonical-subject.js';
import type { SubjectField } from './subject-value.js';

/** Why a text is not a value of its kind, in words that repeat none of it: which rule, and where. */
export function subjectFault(field: SubjectField, text: string): string {
  const known = FAULTS[field](text);
  return known ?? 'it is not in the form that certificates have it in';
}

const FAULTS: Readonly<Record<SubjectField, (text: string) => string | undefined>> = {
  tls_client_auth_subject_dn: nameFault,
  tls_client_auth_san_dns: dnsFault,
  tls_client_auth_san_uri: (text) =>
    characterFault(text, ABSOLUTE_URI_CHARACTER) ?? 'it has no scheme, or is not well formed',
  tls_client_auth_san_ip: (text) =>
    text.includes('%') ? 'it has a zone' : 'it is neither four numbers nor RFC 4291 text',
  tls_client_auth_san_email: emailFault,
};
const ABSOLUTE_URI_CHARACTER = /[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]/;
const DNS_CHARACTER = /[A-Za-z0-9.-]/;

function nameFault(text: string): string | undefined {
  try {
    return parseDistinguishedName(text).text.length > 1000 ? 'it is longer than 1000 characters' : undefined;
  } catch (error) {
    if (error instanceof X509Error) return `it is ${error.message}`;
    throw error;
  }
}

function dnsFault(text: string): string | undefined {
  const character = characterFault(text, DNS_CHARACTER);
  if (character !== undefined) return `${character} (an internationalized name is given in its xn-- form)`;
  if (text.length > 253) return 'it is longer than 253 characters';
  const label = text
    .toLowerCase()
    .split('.')
    .findIndex((one) => !LABEL.test(one));
  if (label < 0) return 'its last label is a number, as that of an address is';
  return `its label ${label + 1} is empty, longer than 63 characters, or has a hyphen at an end`;
}

function emailFault(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1) return 'it has no "@" with something before it';
  if (!LOCAL_PART.test(text.slice(0, at)))
    return 'the part before "@" is longer than 64 characters, or has others than RFC 5321 takes unquoted';
  const fault = dnsFault(text.slice(at + 1));
  return fault && `after "@", ${fault}`;
}

function characterFault(text: string, allowed: RegExp): string | undefined {
  if (text === '') return 'it is empty';
  const position = [...text].findIndex((character) => !allowed.test(character));
  return position < 0 ? undefined : `the character at position ${position} cannot be in it`;
}
