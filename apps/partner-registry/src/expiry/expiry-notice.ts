import type { Certificate } from '../records/certificate.entity.js';
import { daysLeft, type ShownCertificate } from '../certificates/show-certificates.js';
import type { Client } from '../records/client.entity.js';
import { showIdentifier } from '../identifiers/identifier.js';

/** What the event `certificate.expires_soon` says. Shown identifiers; instants are ISO 8601. */
export interface ExpiryNotice {
  readonly certificate_id: string;
  readonly client_id: string;
  readonly partner_id: string;
  readonly environment: string;
  readonly subject_dn: string;
  readonly thumbprint: string;
  readonly not_after: string;
  readonly days_left: number;
  /** which of the thresholds it is, in days */
  readonly notice: number;
  /** what could take over and was not seen yet */
  readonly successors: readonly { readonly certificate_id: string; readonly activate_at: string | null }[];
}

export function expiryNotice(about: {
  certificate: Certificate;
  client: Client;
  successors: readonly ShownCertificate[];
  notice: number;
  now: Date;
}): ExpiryNotice {
  const { certificate, client, successors, notice, now } = about;
  return {
    certificate_id: showIdentifier('crt', certificate.id),
    client_id: showIdentifier('cli', client.id),
    partner_id: showIdentifier('ptn', client.partner_id),
    environment: client.environment,
    subject_dn: certificate.subject_dn,
    thumbprint: certificate.thumbprint,
    not_after: certificate.not_after.toISOString(),
    days_left: daysLeft(certificate, now),
    notice,
    successors: successors.map(({ id, status, activate_at: at }) => ({
      certificate_id: showIdentifier('crt', id),
      activate_at: status === 'pending' && at ? at.toISOString() : null,
    })),
  };
}
