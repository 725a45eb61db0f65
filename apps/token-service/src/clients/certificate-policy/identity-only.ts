import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { checkLeaf, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../registered-client.entity.js';
import { assertOwnKey, type KeyOwnerLookup } from './assert-own-key.js';
import { assertWithinDates, plannedDates } from './assert-within-dates.js';
import { judgeUnderAnchors, namedLists } from './judge-under-anchors.js';
import { presentedCertificate } from './presented-certificate.js';
import type { RevocationListLookup } from './revocation-lists.js';
import type { UsableCertificate } from './usable-certificate.js';
import { VerdictMemory } from './verdict-memory.js';

/** A sound leaf with a valid path: what of it is still to be held against the clock and the registry. */
interface JudgedLeaf {
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spkiSha256: string;
  readonly pathValidUntil: Date;
}

/** What judging takes beside the registration. */
export interface IdentityNeeds {
  readonly ownerOf: KeyOwnerLookup;
  readonly listsOf: RevocationListLookup;
}

const judgedLeaves = new VerdictMemory<JudgedLeaf>();

/**
 * Policy `identity_only`: any sound certificate with a valid path to the client's pinned anchors, unless it was revoked or
 * its key is compromised or another partner's. // A12, A14
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
  const { thumbprint } = evidence;
  assertNotRevoked(client, thumbprint);
  const leaf = await judgedLeaf(client, evidence, now, listsOf);
  const registered = client.certificates.find((certificate) => certificate.thumbprint === thumbprint);
  const window = { ...leaf, ...plannedDates(registered) };
  const usableUntil = assertWithinDates(window, now);
  assertOwnKey(client, leaf.spkiSha256, await ownerOf(leaf.spkiSha256));
  return { thumbprint, usableUntil };
}

// By its thumbprint alone: a key outlives a certificate that was replaced, and whether it is lost is told apart.
function assertNotRevoked({ revokedCertificates }: RegisteredClient, thumbprint: string): void {
  if (!revokedCertificates.some((revoked) => revoked.thumbprint === thumbprint)) return;
  throw invalidClient('certificate_revoked', `the client's certificate ${thumbprint} was revoked`);
}

// The verdict holds until the path ends and the registration changes. // A14
async function judgedLeaf(
  client: RegisteredClient,
  evidence: CertificateEvidence,
  now: Date,
  listsOf: RevocationListLookup,
): Promise<JudgedLeaf> {
  const known = judgedLeaves.recall(client, evidence.thumbprint);
  if (known && now <= known.pathValidUntil) return known;
  const certificate = presentedCertificate(evidence);
  const { notBefore, notAfter, spkiSha256 } = certificate;
  const dates = { notBefore, notAfter, ...plannedDates(undefined), pathValidUntil: null };
  assertWithinDates(dates, now); // first of all, as it is what goes wrong most often
  assertPassed(certificate, checkLeaf(certificate, now));
  const { checks, validUntil: pathValidUntil } = judgeUnderAnchors(
    certificate,
    client,
    now,
    await listsOf(namedLists(client)),
  );
  assertPassed(certificate, checks);
  if (!pathValidUntil) throw invalidClient('path_invalid', `no valid path for certificate ${certificate.thumbprint}`);
  const leaf = { notBefore, notAfter, spkiSha256, pathValidUntil };
  judgedLeaves.remember(client, evidence.thumbprint, leaf);
  return leaf;
}

function assertPassed(certificate: Certificate, checks: readonly CertificateCheck[]): void {
  const failed = checks.filter(({ result }) => result === 'fail');
  const [first] = failed;
  if (!first) return;
  const reasons = failed.map(({ id, observed, expected }) => `${id}: found ${observed}, expected ${expected}`);
  throw invalidClient(
    first.id,
    `certificate ${certificate.thumbprint}, subject "${certificate.subject.text}": ${reasons.join('; ')}`,
  );
}
