import { X509Certificate } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientRepository } from '../clients/client.repository.js';
import { pageOf, type Page, type PageRequest } from '../conventions/page.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Certificate } from './certificate.entity.js';
import { CertificateRepository, type CertificateFilters } from './certificate.repository.js';

@Injectable()
export class ReadCertificates {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly certificates: CertificateRepository,
  ) {}

  /** @throws RegistryError `not_found` */
  async one(id: string): Promise<Certificate> {
    const certificate = await this.certificates.find(this.database.manager, id);
    if (!certificate) throw RegistryError.notFound();
    return certificate;
  }

  /** The leaf and what came with it, PEM. @throws RegistryError `not_found` */
  async pemOf(id: string): Promise<string> {
    const { pem, chain } = await this.one(id);
    return [pem, ...chain.map((der) => new X509Certificate(Buffer.from(der, 'base64')).toString())].join('');
  }

  async page(request: PageRequest, filters: CertificateFilters): Promise<Page<Certificate>> {
    return pageOf(await this.certificates.list(this.database.manager, request, filters), request);
  }

  /** @throws RegistryError `not_found` when there is no such client */
  async pageOfClient(clientId: string, request: PageRequest): Promise<Page<Certificate>> {
    const { manager } = this.database;
    if (!(await this.clients.find(manager, clientId))) throw RegistryError.notFound();
    return pageOf(await this.certificates.listOfClient(manager, clientId, request), request);
  }
}
