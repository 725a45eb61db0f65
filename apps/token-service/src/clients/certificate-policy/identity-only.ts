import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { checkLeaf, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { assertOwnKey, type KeyOwnerLookup } from './assert-own-key.js';
import { assertWithinDates, plannedDates } from './assert-within-dates.js';
import { judgeUnderAnchors, namedLists } from './judge-under-anchors.js';
import { presentedCertificate } from './presented-certificate.js';
import type { CrlLookup } from './crls.js';
import type { UsableCertificate } from './usable-certificate.js';
import { certificateRevoked } from './why-unregistered.js';
import { withSameContents } from './same-contents.js';
import { VerdictMemory } from './verdict-memory.js';

/** A sound leaf with a valid path: what of it is still to be held against the clock and the registry. */
interface JudgedLeaf {
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly thumbprint: string;
  readonly tbsSha256: string;
  readonly keySha256: string;
  readonly pathValidUntil: Date;
}

/** What judging takes beside the registration. */
export interface IdentityNeeds {
  readonly ownerOf: KeyOwnerLookup;
  readonly listsOf: CrlLookup;
}

const judgedLeaves = new VerdictMemory<JudgedLeaf>();

/**
 * Policy `identity_only`: any sound certificate with a valid path to the client's pinned anchors, unless it was revoked or
 * its key is compromised or another partner's. Intermediates of the connection help to find the path. // A12, A14, A44
 * Rejects with OAuthError `invalid_client`, its check being the id of the failed `CertificateCheck` where there is one, or
 * with what `ownerOf` and `listsOf` say.
 *
 * Does not check: the subject value; the method does. Never used without it.
 */
export async function identityOnly(
  client: RegisteredClient,
  evidence: CertificateEvidence,
  now: Date,
  { ownerOf, listsOf }: IdentityNeeds,
): Promise<UsableCertificate> {
  const leaf = await judgedLeaf(client, evidence, now, listsOf);
  const window = { ...leaf, ...plannedDates(withSameContents(client.certificates, leaf)) };
  const usableUntil = assertWithinDates(window, now);
  assertOwnKey(client, leaf.keySha256, await ownerOf(leaf.keySha256));
  return { thumbprint: leaf.thumbprint, usableUntil };
}

// Not by its key: that outlives a certificate that was replaced, and whether it is lost is told apart.
function assertNotRevoked({ revokedCertificates }: RegisteredClient, certificate: Certificate): void {
  const revoked = withSameContents(revokedCertificates, certificate);
  if (revoked) throw certificateRevoked(revoked, certificate);
}

// The verdict holds until the path ends and the registration changes, revocations included. // A14
async function judgedLeaf(
  client: RegisteredClient,
  evidence: CertificateEvidence,
  now: Date,
  listsOf: CrlLookup,
): Promise<JudgedLeaf> {
  const known = judgedLeaves.recall(client, evidence.thumbprint);
  if (known && now <= known.pathValidUntil) return known;
  const certificate = presentedCertificate(evidence);
  assertNotRevoked(client, certificate);
  const { notBefore, notAfter, thumbprint, tbsSha256, keySha256 } = certificate;
  const dates = { notBefore, notAfter, ...plannedDates(undefined), pathValidUntil: null };
  assertWithinDates(dates, now); // first of all, as it is what goes wrong most often
  assertPassed(certificate, checkLeaf(certificate, now));
  const sent = evidence.intermediates ?? [];
  const lists = await listsOf(namedLists(client));
  const { checks, validUntil: pathValidUntil, usedHints } = judgeUnderAnchors(certificate, sent, client, now, lists);
  assertPassed(certificate, checks, `; the client sent ${sent.length} intermediates, ${usedHints} of them usable`);
  if (!pathValidUntil) throw invalidClient('path_invalid', `no valid path for certificate ${certificate.thumbprint}`);
  const leaf = { notBefore, notAfter, thumbprint, tbsSha256, keySha256, pathValidUntil };
  judgedLeaves.remember(client, evidence.thumbprint, leaf);
  return leaf;
}

function assertPassed(certificate: Certificate, checks: readonly CertificateCheck[], besides = ''): void {
  const failed = checks.filter(({ result }) => result === 'fail');
  const [first] = failed;
  if (!first) return;
  const reasons = failed.map(({ id, observed, expected }) => `${id}: found ${observed}, expected ${expected}`);
  throw invalidClient(
    first.id,
    `certificate ${certificate.thumbprint}, subject "${certificate.subject.text}": ${reasons.join('; ')}${besides}`,
  );
}
