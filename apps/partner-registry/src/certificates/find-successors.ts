import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Certificate } from '../records/certificate.entity.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { successorsOf } from './successors.js';
import { showCertificates, type ShownCertificate } from './show-certificates.js';

/** Who takes over from a certificate, and whether they were seen. */
@Injectable()
export class FindSuccessors {
  constructor(private readonly certificates: CertificateRepository) {}

  /** @param time.at when it goes out of use */
  async of(
    database: EntityManager,
    certificate: Certificate,
    { at, now }: { at: Date; now: Date },
  ): Promise<{ shown: ShownCertificate; successors: ShownCertificate[] }> {
    const planned = await this.certificates.plannedOfClient(database, certificate.client_id);
    const found = successorsOf(certificate, planned, at);
    const [shown, ...successors] = await showCertificates(database, [certificate, ...found], now);
    return { shown: shown!, successors };
  }
}
