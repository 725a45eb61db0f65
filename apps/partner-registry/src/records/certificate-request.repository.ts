import { Injectable } from '@nestjs/common';
import { MoreThan, type EntityManager } from 'typeorm';
import type { PageRequest } from '../http/page.js';
import { violatedConstraint } from './violated-constraint.js';
import { requestWaiting } from '../problems/certificate-request.errors.js';
import { CertificateRequest } from './certificate-request.entity.js';
import type { CertificateRequestStatus } from './certificate-request-status.js';

/** Absent: not asked about. */
export interface CertificateRequestFilters {
  readonly client_id?: string | undefined;
  readonly status?: CertificateRequestStatus | undefined;
}

@Injectable()
export class CertificateRequestRepository {
  find(database: EntityManager, id: string): Promise<CertificateRequest | null> {
    return database.findOneBy(CertificateRequest, { id });
  }

  /** The request, locked until the transaction ends. */
  lock(transaction: EntityManager, id: string): Promise<CertificateRequest | null> {
    return transaction.findOne(CertificateRequest, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** One row more than the page holds. */
  list(database: EntityManager, page: PageRequest, filters: CertificateRequestFilters): Promise<CertificateRequest[]> {
    const where = { ...filters, ...(page.after === undefined ? {} : { id: MoreThan(page.after) }) };
    return database.find(CertificateRequest, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  /** @throws RegistryError `certificate_request_waiting` */
  async save(transaction: EntityManager, request: CertificateRequest): Promise<CertificateRequest> {
    try {
      return await transaction.save(request);
    } catch (error) {
      throw violatedConstraint(error) === 'certificate_requests_waiting' ? requestWaiting() : error;
    }
  }
}
