import { X509Certificate } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientRepository } from '../records/client.repository.js';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Certificate } from '../records/certificate.entity.js';
import { CertificateRepository, type CertificateFilters } from '../records/certificate.repository.js';
import { nameOwners, type OwnedCertificate } from './name-owners.js';
import { showCertificate, showCertificates, type ShownCertificate } from './show-certificates.js';

const DAY_MS = 86_400_000;

type Filters = Omit<CertificateFilters, 'expires_after'> & { readonly expires_within_days?: number | undefined };

@Injectable()
export class ReadCertificates {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly certificates: CertificateRepository,
  ) {}

  async one(id: string): Promise<ShownCertificate> {
    return showCertificate(this.database.manager, await this.stored(id), new Date());
  }

  /** The leaf and what came with it, PEM. */
  async pemOf(id: string): Promise<string> {
    const { pem, chain } = await this.stored(id);
    return [pem, ...chain.map((der) => new X509Certificate(Buffer.from(der, 'base64')).toString())].join('');
  }

  async page(
    request: PageRequest,
    { expires_within_days: days, ...filters }: Filters,
  ): Promise<Page<OwnedCertificate>> {
    const { manager } = this.database;
    const now = new Date();
    const within =
      days === undefined ? {} : { expires_after: now, expires_before: new Date(now.getTime() + days * DAY_MS) };
    const found = await this.certificates.list(manager, request, { ...filters, ...within });
    const { items, next_cursor } = await this.shown(pageOf(found, request));
    return { items: await nameOwners(manager, items), next_cursor };
  }

  async pageOfClient(clientId: string, request: PageRequest): Promise<Page<ShownCertificate>> {
    const { manager } = this.database;
    if (!(await this.clients.find(manager, clientId))) throw RegistryError.notFound();
    return this.shown(pageOf(await this.certificates.listOfClient(manager, clientId, request), request));
  }

  private async stored(id: string): Promise<Certificate> {
    const certificate = await this.certificates.find(this.database.manager, id);
    if (!certificate) throw RegistryError.notFound();
    return certificate;
  }

  private async shown({ items, next_cursor }: Page<Certificate>): Promise<Page<ShownCertificate>> {
    return { items: await showCertificates(this.database.manager, items, new Date()), next_cursor };
  }
}
