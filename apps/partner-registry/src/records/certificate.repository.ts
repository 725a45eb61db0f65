import { Injectable } from '@nestjs/common';
import type { Certificate as ParsedCertificate } from '@partner-ecosystem/x509';
import { In, IsNull, MoreThan, Not, type EntityManager } from 'typeorm';
import type { PageRequest } from '../http/page.js';
import { Certificate } from './certificate.entity.js';
import { REVOCABLE, type CertificateStatus } from './certificate-status.js';

/** Absent: not asked about. */
export interface CertificateFilters {
  readonly client_id?: string | undefined;
  readonly partner_id?: string | undefined;
  readonly status?: CertificateStatus | undefined;
  readonly thumbprint?: string | undefined;
  readonly expires_after?: Date | undefined;
  /** in the order of expiry then */
  readonly expires_before?: Date | undefined;
}

// dates of certificates never change, so the row itself says where its page ended
const LAST_SHOWN = '(SELECT not_after FROM registry.certificates WHERE id = :after)';

@Injectable()
export class CertificateRepository {
  find(database: EntityManager, id: string): Promise<Certificate | null> {
    return database.findOneBy(Certificate, { id });
  }

  /** The certificate, locked until the transaction ends. */
  lock(transaction: EntityManager, id: string): Promise<Certificate | null> {
    return transaction.findOne(Certificate, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The very certificate, of any client and status. */
  findBySha256(database: EntityManager, sha256: string): Promise<Certificate[]> {
    return database.findBy(Certificate, { sha256 });
  }

  /** Every certificate with these contents, under whichever signature, of any client and status. // A37 */
  findByContents(database: EntityManager, { tbsSha256 }: Pick<ParsedCertificate, 'tbsSha256'>): Promise<Certificate[]> {
    return database.findBy(Certificate, { tbs_sha256: tbsSha256 });
  }

  /** Whether a key has a certificate here, or had one: of whatever client and status. */
  isCertified(database: EntityManager, spkiSha256: string): Promise<boolean> {
    return database.existsBy(Certificate, { spki_sha256: spkiSha256 });
  }

  /** The certificates of a key that can still be used or come into use, locked; in one order, so that two of these never wait for each other. */
  lockLiveOfKey(transaction: EntityManager, spkiSha256: string): Promise<Certificate[]> {
    const where = { spki_sha256: spkiSha256, status: In(['pending', 'active', 'superseded']) };
    return transaction.find(Certificate, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** The certificates of a client that are in use or will be, locked. */
  lockUsableOfClient(transaction: EntityManager, clientId: string): Promise<Certificate[]> {
    const where = { client_id: clientId, status: In(['pending', 'active']) };
    return transaction.find(Certificate, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** The certificates of a client that are in use, will be or may be again, locked. */
  lockLiveOfClient(transaction: EntityManager, clientId: string): Promise<Certificate[]> {
    const where = { client_id: clientId, status: In([...REVOCABLE]) };
    return transaction.find(Certificate, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** Those in use, and those with a date to come into use at. */
  plannedOfClient(database: EntityManager, clientId: string): Promise<Certificate[]> {
    return this.plannedOf(database, [clientId]);
  }

  plannedOf(database: EntityManager, clientIds: readonly string[]): Promise<Certificate[]> {
    const ofClients = { client_id: In([...clientIds]) };
    const pending = { ...ofClients, status: 'pending' as const, activate_at: Not(IsNull()) };
    return database.findBy(Certificate, [{ ...ofClients, status: 'active' }, pending]);
  }

  /** Those that may be used again, too. */
  liveOfClient(database: EntityManager, clientId: string): Promise<Certificate[]> {
    return database.findBy(Certificate, { client_id: clientId, status: In([...REVOCABLE]) });
  }

  /** Base64 DER, each one once, of every certificate that is in use or will be. */
  async intermediatesOf(database: EntityManager, clientId: string): Promise<string[]> {
    const rows = await database.query<{ der: string }[]>(
      `SELECT DISTINCT i.der FROM registry.certificates t, jsonb_array_elements_text(t.chain) AS i(der)
        WHERE t.client_id = $1 AND t.status IN ('pending', 'active')`,
      [clientId],
    );
    return rows.map(({ der }) => der);
  }

  /** One row more than the page holds; in the order of expiry when that is asked about, else oldest first. */
  list(database: EntityManager, page: PageRequest, filters: CertificateFilters): Promise<Certificate[]> {
    const { expires_after: later, expires_before: before, thumbprint, ...columns } = filters;
    const query = database.createQueryBuilder(Certificate, 'certificate').limit(page.limit + 1);
    for (const [column, value] of Object.entries(columns)) {
      query.andWhere(`certificate.${column} = :${column}`, { [column]: value });
    }
    if (thumbprint !== undefined) query.andWhere('certificate.sha256 = :sha256', { sha256: sha256Of(thumbprint) });
    if (before === undefined) {
      if (page.after !== undefined) query.andWhere('certificate.id > :after', page);
      return query.orderBy('certificate.id', 'ASC').getMany();
    }
    query.andWhere('certificate.not_after < :before', { before });
    if (later !== undefined) query.andWhere('certificate.not_after > :later', { later });
    if (page.after !== undefined)
      query.andWhere(`(certificate.not_after, certificate.id) > (${LAST_SHOWN}, :after)`, page);
    return query.orderBy('certificate.not_after', 'ASC').addOrderBy('certificate.id', 'ASC').getMany();
  }

  /** One row more than the page holds. */
  listOfClient(database: EntityManager, clientId: string, page: PageRequest): Promise<Certificate[]> {
    const where = { client_id: clientId, ...(page.after === undefined ? {} : { id: MoreThan(page.after) }) };
    return database.find(Certificate, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  save(database: EntityManager, certificate: Certificate): Promise<Certificate> {
    return database.save(certificate);
  }
}

// The two spellings of one hash: tokens carry base64url, openssl prints hex.
function sha256Of(thumbprint: string): string {
  return thumbprint.length === 64 ? thumbprint : Buffer.from(thumbprint, 'base64url').toString('hex');
}
