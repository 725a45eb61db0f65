import { Injectable } from '@nestjs/common';
import { In, MoreThan, type EntityManager } from 'typeorm';
import type { PageRequest } from '../conventions/page.js';
import { Certificate } from './certificate.entity.js';

@Injectable()
export class CertificateRepository {
  find(database: EntityManager, id: string): Promise<Certificate | null> {
    return database.findOneBy(Certificate, { id });
  }

  /** The certificate, locked until the transaction ends. */
  lock(transaction: EntityManager, id: string): Promise<Certificate | null> {
    return transaction.findOne(Certificate, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Every certificate with this SHA-256, of whatever client and status. */
  findBySha256(database: EntityManager, sha256: string): Promise<Certificate[]> {
    return database.findBy(Certificate, { sha256 });
  }

  /** The certificates of a key that can still be used or come into use, locked; in one order, so that two of these never wait for each other. */
  lockLiveOfKey(transaction: EntityManager, spkiSha256: string): Promise<Certificate[]> {
    const where = { spki_sha256: spkiSha256, status: In(['pending', 'active', 'superseded']) };
    return transaction.find(Certificate, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
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
