import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import type { RegisteredCertificate, RegisteredClient } from '../records/registered-client.entity.js';

/** Why a token that was issued, and has not expired, is good for nothing. For the log only. */
export type InactiveReason =
  | 'client_unknown'
  | 'client_not_usable'
  | 'certificate_revoked'
  | 'certificate_not_registered'
  | 'certificate_over'
  | 'scope_not_granted';

/**
 * Holds a verified token to what the registry says now about whoever it was issued to. // A31
 * @param holder the client the token names, as registered now
 * @returns undefined when nothing speaks against it
 *
 * Does not check: revocation by the feed; who may see the answer.
 */
export function whyInactive(
  token: BoundToken,
  holder: RegisteredClient | undefined,
  now: Date,
): InactiveReason | undefined {
  if (holder?.clientId !== token.clientId || holder.partnerId !== token.partnerId) return 'client_unknown';
  if (holder.clientStatus !== 'active' || holder.partnerStatus !== 'active' || !holder.usable) {
    return 'client_not_usable';
  }
  return whyCertificateOff(token.confirmation['x5t#S256'], holder, now) ?? whyGrantOff(token, holder, now);
}

// The connection here is not the holder's, so its certificate is known by thumbprint alone. // A15
function whyCertificateOff(thumbprint: string, holder: RegisteredClient, now: Date): InactiveReason | undefined {
  if (holder.revokedCertificates.some((revoked) => revoked.thumbprint === thumbprint)) return 'certificate_revoked';
  const registered = holder.certificates.find((certificate) => certificate.thumbprint === thumbprint);
  // Under identity_only a certificate need not be registered: only revoking it speaks against it.
  if (!registered) return holder.certificatePolicy === 'identity_only' ? undefined : 'certificate_not_registered';
  return endsOf(registered, holder).some((end) => !isAfter(end, now)) ? 'certificate_over' : undefined;
}

function endsOf({ not_after, retire_at, path_valid_until }: RegisteredCertificate, holder: RegisteredClient): string[] {
  const judgesPath =
    holder.certificatePolicy !== 'identity_only' && holder.authenticationMethod !== 'self_signed_tls_client_auth';
  return [not_after, retire_at, judgesPath ? path_valid_until : null].filter((end) => end !== null);
}

// Every scope the token carries: one that was taken away takes the token with it.
function whyGrantOff(
  { scopes, audience }: BoundToken,
  { grants }: RegisteredClient,
  now: Date,
): InactiveReason | undefined {
  const live = grants.filter(
    (grant) => grant.audience === audience && (grant.valid_until === null || isAfter(grant.valid_until, now)),
  );
  const granted = scopes.length > 0 && scopes.every((scope) => live.some((grant) => grant.scope === scope));
  return granted ? undefined : 'scope_not_granted';
}

// What is no instant is over.
function isAfter(instant: string, now: Date): boolean {
  return new Date(instant).getTime() > now.getTime();
}
