import { certificateOutput } from '../certificates/certificate.schema.js';
import type { Certificate } from '../records/certificate.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { certificateRequestOutput } from './certificate-request.schema.js';

/** What is said of a request, to the audit and to whoever follows the changes. The request itself is left out: it is long. */
export function recordCertificateRequest(
  mutation: ActiveMutation,
  action: string,
  request: CertificateRequest,
  told: { readonly before?: object; readonly reason?: string } = {},
): void {
  const after = certificateRequestOutput.parse(request);
  mutation.record({ action, targets: [after.id, after.client_id], after, ...told });
}

export function recordIssued(mutation: ActiveMutation, certificate: Certificate, request: CertificateRequest): void {
  const after = certificateOutput.parse(certificate);
  const targets = [after.id, after.client_id, certificateRequestOutput.parse(request).id];
  mutation.record({ action: 'certificate.issued', targets, after, clientIds: [certificate.client_id] });
}
