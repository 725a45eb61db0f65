import {
  distinguishedName,
  parseDistinguishedName,
  type DistinguishedName,
  type SubjectAlternativeName,
} from '@partner-ecosystem/x509';
import type { Client } from '../records/client.entity.js';
import { subjectOf, type SubjectValue } from '../subject-values/subject-value.js';

/** Whom a certificate of the platform names. Who asks for it has no say in that. */
export interface PlatformNames {
  readonly subject: DistinguishedName;
  readonly names: readonly SubjectAlternativeName[];
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
/** RFC 5280 appendix A.1, ub-organization-name: verifiers may refuse longer ones */
const LONGEST_ORGANIZATION = 64;
const CLIENT_URN = 'urn:partner-ecosystem:client:';

const NAME_KINDS = { san_dns: 'dns', san_uri: 'uri', san_ip: 'ip', san_email: 'email' } as const;

/**
 * The subject is the registered one where the client is known by its subject, else the client id with the partner's
 * legal name (its first 64 characters); the client is always named as a URI, and by its registered alternative name.
 */
export function platformNames(client: Client, legalName: string): PlatformNames {
  const registered = subjectOf(client);
  const subject =
    registered?.kind === 'subject_dn' ? parseDistinguishedName(registered.value) : nameOf(client.client_id, legalName);
  const own = { kind: 'uri', value: `${CLIENT_URN}${client.client_id}` } as const;
  const others = alternativeNames(registered).filter(({ kind, value }) => kind !== own.kind || value !== own.value);
  return { subject, names: [own, ...others] };
}

function nameOf(clientId: string, legalName: string): DistinguishedName {
  const organization = [...legalName].slice(0, LONGEST_ORGANIZATION).join('').trim();
  return distinguishedName([
    [{ oid: COMMON_NAME, form: 'text', value: clientId }],
    [{ oid: ORGANIZATION, form: 'text', value: organization }],
  ]);
}

function alternativeNames(registered: SubjectValue | undefined): SubjectAlternativeName[] {
  if (!registered || registered.kind === 'subject_dn') return [];
  return [{ kind: NAME_KINDS[registered.kind], value: registered.value }];
}
