import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RevokedCertificate } from './revoked-certificate.js';
import { CertificateAuthority } from './certificate-authority.entity.js';
import type { Environment } from './certificate-issuer.js';

// Its last certificate has expired: nobody asks for its list any more. The list of one that expired itself would be believed by nobody.
const STILL_NEEDED = `a.not_after > $1 AND (a.status = 'active' OR EXISTS (SELECT 1 FROM registry.certificates c
  WHERE c.certificate_authority_id = a.id AND c.not_after > $1))`;

// Which revocations stand on a list is kept with them: dates would miss one that was committed after the list was made.
const DUE = `(a.crl IS NULL OR a.crl_this_update + (a.crl_next_update - a.crl_this_update) / 2 <= $1
  OR EXISTS (SELECT 1 FROM registry.certificates c
    WHERE c.certificate_authority_id = a.id AND c.status = 'revoked' AND c.crl_listed_at IS NULL))`;

// RFC 5280 3.3: an entry stays until one list after the certificate's expiry has shown it.
const REVOKED = `
SELECT serial, revoked_at AS "revokedAt", revocation_reason AS reason FROM registry.certificates
 WHERE certificate_authority_id = $1 AND status = 'revoked' AND not_after > $2 ORDER BY revoked_at, serial`;

@Injectable()
export class CertificateAuthorityRepository {
  findActive(database: EntityManager, environment: Environment): Promise<CertificateAuthority | null> {
    return database.findOneBy(CertificateAuthority, { environment, status: 'active' });
  }

  find(database: EntityManager, id: string): Promise<CertificateAuthority | null> {
    return database.findOneBy(CertificateAuthority, { id });
  }

  /** All of them, oldest first: a handful. */
  all(database: EntityManager): Promise<CertificateAuthority[]> {
    return database.find(CertificateAuthority, { order: { id: 'ASC' } });
  }

  /** With the lists, which are not read otherwise. */
  withLists(database: EntityManager, ids: readonly string[]): Promise<CertificateAuthority[]> {
    return database
      .createQueryBuilder(CertificateAuthority, 'a')
      .addSelect(['a.crl', 'a.root_crl'])
      .where('a.id = ANY (:ids)', { ids })
      .getMany();
  }

  /** Whose list has to be made anew: cheap enough to be asked every second. */
  async dueForList(database: EntityManager, now: Date): Promise<string[]> {
    const rows = await database.query<{ id: string }[]>(
      `SELECT a.id FROM registry.certificate_authorities a WHERE ${STILL_NEEDED} AND ${DUE} ORDER BY a.id`,
      [now],
    );
    return rows.map(({ id }) => id);
  }

  /** The authority, locked against other lists and not against certificates; null: another replica is at it. */
  lockForList(transaction: EntityManager, id: string): Promise<CertificateAuthority | null> {
    const lock = { mode: 'for_no_key_update', onLocked: 'skip_locked' } as const;
    return transaction.findOne(CertificateAuthority, { where: { id }, lock });
  }

  /** Looked at under the lock: another replica may have been faster. */
  async isDue(transaction: EntityManager, id: string, now: Date): Promise<boolean> {
    return (await this.dueForList(transaction, now)).includes(id);
  }

  /** Notes that they stand on a list, then reads them: what is revoked in between is on it and noted the next time. */
  async revoked(transaction: EntityManager, authority: CertificateAuthority, now: Date): Promise<RevokedCertificate[]> {
    await transaction.query(
      `UPDATE registry.certificates SET crl_listed_at = $2
        WHERE certificate_authority_id = $1 AND status = 'revoked' AND crl_listed_at IS NULL`,
      [authority.id, now],
    );
    const since = authority.crl_this_update ?? new Date(0);
    return transaction.query<RevokedCertificate[]>(REVOKED, [authority.id, since]);
  }

  save(transaction: EntityManager, authority: CertificateAuthority): Promise<CertificateAuthority> {
    return transaction.save(authority);
  }
}
