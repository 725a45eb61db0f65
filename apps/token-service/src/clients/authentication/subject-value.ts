import { SUBJECT_KINDS, type SubjectKind, type SubjectValue } from '@partner-ecosystem/x509';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';

/**
 * The one value every certificate of the client has to carry. // A12
 * @throws OAuthError `invalid_client` when the registration has none, or several
 */
export function subjectOf(client: RegisteredClient): SubjectValue {
  const values: Record<SubjectKind, string | null> = {
    subject_dn: client.subjectDn,
    san_dns: client.sanDns,
    san_uri: client.sanUri,
    san_ip: client.sanIp,
    san_email: client.sanEmail,
  };
  const registered = SUBJECT_KINDS.flatMap((kind) => {
    const value = values[kind];
    return value === null ? [] : [{ kind, value }];
  });
  const [subject, ...others] = registered;
  if (!subject) throw invalidClient('subject_not_registered', 'no subject value is registered for the client');
  if (others.length > 0) {
    throw invalidClient(
      'subject_ambiguous',
      `several subject values: ${registered.map(({ kind }) => kind).join(', ')}`,
    );
  }
  return subject;
}
