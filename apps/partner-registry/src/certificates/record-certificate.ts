import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { Certificate } from '../records/certificate.entity.js';
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
  mutation.record({
    action,
    targets,
    before,
    after,
    ...(reason === undefined ? {} : { reason }),
    clientIds: [certificate.client_id],
  });
}
