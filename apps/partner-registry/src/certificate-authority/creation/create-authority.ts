import { createHash } from 'node:crypto';
import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { parseCertificate, type Certificate } from '@partner-ecosystem/x509';
import type { DataSource, EntityManager } from 'typeorm';
import { showIdentifier } from '../../identifiers/identifier.js';
import type { ActiveMutation } from '../../mutations/words/mutation-context.js';
import { Mutations } from '../../mutations/mutations.js';
import { commandContext, type RegistryIdentity } from '../../operators/command-context.js';
import { createAuthorityKey } from '../authority-key.js';
import { CertificateAuthority } from '../../records/certificate-authority.entity.js';
import { CertificateAuthorityRepository } from '../../records/certificate-authority.repository.js';
import { certificateAuthorityOutput } from '../certificate-authority.schema.js';
import type { Environment } from '../../records/certificate-issuer.js';
import { intermediateExtensions } from '../certificate-profile.js';
import { randomSerial } from '../encoding/random-serial.js';
import { wholeSeconds } from '../encoding/whole-seconds.js';
import { rootUrls } from '../publication/publication-urls.js';
import { renewList } from '../crl/renew-list.js';
import { signedCertificate, type Signer } from '../signed-certificate.js';
import { AuthorityRefusal } from './authority-refusal.js';
import { yearsAfter } from './calendar.js';
import { anchorOfRoot } from './anchor-of-root.js';
import { authorityName, organizationOf, type Root } from './root.js';

export interface AuthorityOrder {
  readonly identity: RegistryIdentity;
  readonly environment: Environment;
  /** http, without trailing slash */
  readonly publicUrl: string;
  readonly years: number;
  readonly encryption: KeyEncryptionKey;
  /** until the first list ends */
  readonly listValidityMs: number;
  /** retire the one there is */
  readonly replace: boolean;
  /** The root's next list; asked for once nothing refuses the order any more. */
  rootList(now: Date): Promise<Buffer>;
}

export const CREATE_CA = 'create-ca';

/** For clocks that are behind ours. */
const BACK_DATED_MS = 5 * 60_000;

/**
 * Makes the authority of an environment below the root, its first list included, and retires the one before it. One
 * transaction, audited; of two at once the second is refused or makes a successor, as it was asked.
 * @throws AuthorityRefusal `authority_exists`, RegistryError `trust_anchor_refused`
 */
export function createAuthority(
  database: DataSource,
  root: Root,
  order: AuthorityOrder,
): Promise<CertificateAuthority> {
  return Mutations.on(database).run(commandContext(CREATE_CA, order.identity), async (mutation) => {
    const { transaction, now } = mutation;
    await lockAuthorities(transaction);
    const authorities = new CertificateAuthorityRepository();
    await retirePresent(mutation, authorities, order);
    const anchor = await anchorOfRoot(mutation, root.certificate);
    const list = await order.rootList(now);
    const key = await createAuthorityKey(order.encryption, sha256Of);
    const certificate = parseCertificate(await certificateBelow(root, key.publicKey, order, now));
    const authority = rowOf(transaction, {
      certificate,
      root: { ...root, list },
      order,
      privateJwe: key.privateJwe,
      anchorId: anchor.id,
    });
    const stored = await authorities.save(transaction, authority);
    const after = certificateAuthorityOutput.parse(stored);
    mutation.record({ action: 'certificate_authority.created', targets: [after.id, after.trust_anchor_id], after });
    await publishRootList(transaction, list, anchor.id);
    const signer = { certificate, privateKey: key.privateKey };
    return renewList(mutation, authorities, { authority: stored, signer, validityMs: order.listValidityMs });
  });
}

/** Of two commands at once the second waits. */
export async function lockAuthorities(transaction: EntityManager): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('certificate authorities', 0))`);
}

/** A list of the root is the same for all that are below it. */
export async function publishRootList(transaction: EntityManager, list: Buffer, anchorId: string): Promise<number> {
  const [, changed] = await transaction.query<[unknown, number]>(
    `UPDATE registry.certificate_authorities SET root_crl = $1, version = version + 1, updated_at = now()
      WHERE trust_anchor_id = $2`,
    [list, anchorId],
  );
  return changed;
}

async function retirePresent(
  mutation: ActiveMutation,
  authorities: CertificateAuthorityRepository,
  { environment, replace }: AuthorityOrder,
): Promise<void> {
  const present = await authorities.findActive(mutation.transaction, environment);
  if (!present) return;
  if (!replace) {
    const which = `${showIdentifier('cau', present.id)} (${present.subject_dn}, until ${present.not_after.toISOString()})`;
    const message = `${environment} has an authority: ${which}. With --replace it is retired, and a new one issues from then on; what it issued stays valid`;
    throw new AuthorityRefusal('authority_exists', message);
  }
  const before = certificateAuthorityOutput.parse(present);
  present.status = 'retired';
  const after = certificateAuthorityOutput.parse(await authorities.save(mutation.transaction, present));
  mutation.record({ action: 'certificate_authority.retired', targets: [after.id], before, after });
}

function certificateBelow(root: Signer, publicKey: Buffer, order: AuthorityOrder, now: Date): Promise<Buffer> {
  const { certificate } = root;
  const [earliest, end] = [new Date(now.getTime() - BACK_DATED_MS), yearsAfter(now, order.years)];
  const organization = organizationOf(root);
  // Two authorities never share a name: a part of the key tells successors apart.
  const commonName = `${organization} ${order.environment} clients ${sha256Of(publicKey).slice(0, 8)}`;
  const content = {
    serial: randomSerial(),
    subject: authorityName(commonName, organization),
    publicKey,
    notBefore: wholeSeconds(earliest > certificate.notBefore ? earliest : certificate.notBefore),
    notAfter: wholeSeconds(end < certificate.notAfter ? end : certificate.notAfter),
    extensions: intermediateExtensions(rootUrls(order.publicUrl, certificate.spkiSha256)),
  };
  return signedCertificate(content, root);
}

interface RowParts {
  certificate: Certificate;
  root: Root;
  order: AuthorityOrder;
  privateJwe: string;
  anchorId: string;
}

function rowOf(transaction: EntityManager, { certificate, root, order, privateJwe, anchorId }: RowParts) {
  return transaction.create(CertificateAuthority, {
    environment: order.environment,
    status: 'active',
    pem: certificate.pem,
    root_pem: root.certificate.pem,
    root_crl: root.list,
    subject_dn: certificate.subject.text,
    spki_sha256: certificate.spkiSha256,
    not_before: certificate.notBefore,
    not_after: certificate.notAfter,
    private_jwe: privateJwe,
    public_url: order.publicUrl,
    trust_anchor_id: anchorId,
  });
}

function sha256Of(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex');
}
