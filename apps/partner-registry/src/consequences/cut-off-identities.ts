import { carriesSubject, parseCertificate } from '@partner-ecosystem/x509';
import { Not } from 'typeorm';
import { Client } from '../records/client.entity.js';
import type { ClientStatus } from '../records/client-status.js';
import { revokeTokensOf } from './revoke-tokens-of.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { subjectOf } from '../subject-values/subject-value.js';
import type { Certificate } from '../records/certificate.entity.js';

/**
 * A client that is known by identity may hold tokens bound to a revoked certificate under another signature, or one that
 * was registered with another client of its partner. Its thumbprint is not known here, so all tokens of the client end.
 * From now on the token service refuses it what was revoked. // A37
 * @returns uuids of the clients, whose published rows change
 */
export async function cutOffIdentities(
  mutation: ActiveMutation,
  { partner_id, pem }: Pick<Certificate, 'partner_id' | 'pem'>,
  reason: string,
): Promise<string[]> {
  const known = { partner_id, certificate_policy: 'identity_only' as const, status: Not<ClientStatus>('retired') };
  const clients = await mutation.transaction.findBy(Client, known);
  if (clients.length === 0) return [];
  const leaf = parseCertificate(pem);
  const users = clients.filter((client) => {
    const subject = subjectOf(client);
    return subject !== undefined && carriesSubject(leaf, subject);
  });
  for (const client of users) revokeTokensOf(mutation, client, 'cutoff', reason);
  return users.map(({ id }) => id);
}
