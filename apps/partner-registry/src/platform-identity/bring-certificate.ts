import type { EntityManager } from 'typeorm';
import type { Certificate } from '../records/certificate.entity.js';
import { certificateRefused } from '../problems/certificate.errors.js';
import { REVOCABLE } from '../records/certificate-status.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { moveCertificate } from '../records/move-certificate.js';
import { certificateOutput } from '../certificates/certificate.schema.js';
import { ClientExpectations } from '../judgement/client-expectations.js';
import { isRefused, judgeCertificate, type CertificateJudgement } from '../judgement/judge-certificate.js';
import type { CertificateBundle } from '../judgement/parse-upload.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import { recordCertificate } from '../certificates/record-certificate.js';
import { RegisterCertificate } from '../certificates/register-certificate.js';
import { revokeTokensBoundTo } from '../certificates/revoke-tokens-bound-to.js';
import { useWindowOf } from '../judgement/use-window.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { CertificateIdentities } from '../judgement/certificate-identities.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';

/**
 * Makes a certificate an active one of a client that a command has locked: registers it, or activates it again. Where
 * the client has as many as it may, those that end first make room: whoever could choose does not get in.
 * @throws RegistryError whatever an upload is refused with, but `too_many_certificates`
 */
export async function bringCertificate(
  mutation: ActiveMutation,
  client: Client,
  bundle: CertificateBundle,
  reason: string,
): Promise<void> {
  const { transaction, now } = mutation;
  const certificates = new CertificateRepository();
  const same = await certificates.findBySha256(transaction, bundle.leaf.sha256);
  const present = same.find(({ client_id, status }) => client_id === client.id && REVOCABLE.includes(status));
  if (present) {
    const judgement = await judged(transaction, client, bundle, now);
    if (present.status === 'active' && present.retire_at === null) return;
    await makeRoom(mutation, client, reason);
    return activate(mutation, client, present, judgement, reason);
  }
  await makeRoom(mutation, client, reason);
  const expectations = ClientExpectations.standalone();
  const keys = new PublicKeyRepository();
  const registration = new RegisterCertificate(
    new ClientRepository(),
    certificates,
    keys,
    expectations,
    new CertificateIdentities(),
  );
  const registered = await registration.register(transaction, client, bundle, now);
  const after = certificateOutput.parse(registered);
  mutation.record({
    action: 'certificate.registered',
    targets: [after.id, after.client_id],
    after,
    reason,
    clientIds: [client.id],
  });
}

// Anew, whatever was found when it came.
async function judged(
  transaction: EntityManager,
  client: Client,
  bundle: CertificateBundle,
  now: Date,
): Promise<CertificateJudgement> {
  const expectations = ClientExpectations.standalone();
  const judgement = judgeCertificate(bundle, await expectations.of(transaction, client), now);
  if (isRefused(judgement.checks)) throw certificateRefused(judgement.checks);
  return judgement;
}

async function activate(
  mutation: ActiveMutation,
  client: Client,
  certificate: Certificate,
  { checks, path }: CertificateJudgement,
  reason: string,
): Promise<void> {
  const before = certificateOutput.parse(certificate);
  moveCertificate(certificate, 'bring_back', { now: mutation.now, reason });
  Object.assign(certificate, { checks, path_valid_until: path.validUntil, path_trust_anchor_id: path.anchorId });
  const saved = await new CertificateRepository().save(mutation.transaction, certificate);
  recordCertificate(mutation, 'certificate.activated', before, saved, reason);
  if (before.status === 'superseded') revokeTokensBoundTo(mutation, saved, client, 'on', reason);
}

async function makeRoom(mutation: ActiveMutation, client: Client, reason: string): Promise<void> {
  const certificates = new CertificateRepository();
  // those with a date to come into use at count, too: none of them finds its place taken then
  const usable = (await certificates.lockUsableOfClient(mutation.transaction, client.id))
    .filter((certificate) => useWindowOf(certificate) !== undefined && certificate.not_after >= mutation.now)
    .sort((one, other) => one.not_after.getTime() - other.not_after.getTime());
  for (const certificate of usable.slice(0, Math.max(0, usable.length - client.max_active_certificates + 1))) {
    const before = certificateOutput.parse(certificate);
    moveCertificate(certificate, 'supersede', { now: mutation.now, reason });
    const saved = await certificates.save(mutation.transaction, certificate);
    recordCertificate(mutation, 'certificate.superseded', before, saved, reason);
    revokeTokensBoundTo(mutation, saved, client, 'off', reason);
  }
}
