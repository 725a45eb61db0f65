import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { Certificate } from './certificate.entity.js';
import { certificateOutput } from './certificate.schema.js';

/** What is said of a changed certificate, to the audit and to whoever follows the changes. */
export function recordCertificate(
  mutation: ActiveMutation,
  action: string,
  before: object,
  certificate: Certificate,
  reason?: string,
): void {
  const after = certificateOutput.parse(certificate);
  const targets = [after.id, after.client_id];
  mutation.audit({ action, targets, before, after, ...(reason === undefined ? {} : { reason }) });
  mutation.announce({ type: action, data: after, clientIds: [certificate.client_id] });
}
