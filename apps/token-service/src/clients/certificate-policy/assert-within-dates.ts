import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredCertificate } from '../../records/registered-client.entity.js';

/** When a certificate may be used. Judged when a token is asked for, so that a late job keeps nobody in. */
export interface UsableWindow {
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** When the registry brings it into use; null: it is. */
  readonly activateAt: Date | null;
  /** When the registry retires it. */
  readonly retireAt: Date | null;
  /** Until when its path holds; null: that is not asked. */
  readonly pathValidUntil: Date | null;
}

/** What the registry planned for a certificate; nothing for one that it does not know. */
export function plannedDates(
  registered: Pick<RegisteredCertificate, 'activate_at' | 'retire_at'> | undefined,
): Pick<UsableWindow, 'activateAt' | 'retireAt'> {
  return { activateAt: instantOf(registered?.activate_at), retireAt: instantOf(registered?.retire_at) };
}

function instantOf(text: string | null | undefined): Date | null {
  return text == null ? null : new Date(text);
}

/**
 * @returns the earliest end
 * @throws OAuthError `invalid_client`
 */
export function assertWithinDates(window: UsableWindow, now: Date): Date {
  const { notBefore, notAfter, activateAt, retireAt, pathValidUntil } = window;
  if (activateAt !== null && !(activateAt <= now)) {
    throw invalidClient('certificate_not_yet_active', `the certificate is to be used from ${activateAt.toISOString()}`);
  }
  if (notBefore > now) {
    throw invalidClient('certificate_not_yet_valid', `the certificate is valid from ${notBefore.toISOString()}`);
  }
  assertNotOver('certificate_retired', retireAt, now);
  assertNotOver('certificate_expired', notAfter, now);
  assertNotOver('path_expired', pathValidUntil, now);
  const ends = [notAfter, retireAt, pathValidUntil].filter((end) => end !== null);
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}

// A certificate in its last second is over: no token could be shorter. // A27
function assertNotOver(check: string, end: Date | null, now: Date): void {
  if (end !== null && !(end.getTime() - now.getTime() >= 1000)) {
    throw invalidClient(check, `the certificate could be used until ${end.toISOString()}`);
  }
}
