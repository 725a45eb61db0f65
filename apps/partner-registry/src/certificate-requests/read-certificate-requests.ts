import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientRepository } from '../records/client.repository.js';
import { pageOf, type Page, type PageRequest } from '../http/page.js';
import { RegistryError } from '../problems/registry-error.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import {
  CertificateRequestRepository,
  type CertificateRequestFilters,
} from '../records/certificate-request.repository.js';

@Injectable()
export class ReadCertificateRequests {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly requests: CertificateRequestRepository,
  ) {}

  async one(id: string): Promise<CertificateRequest> {
    const request = await this.requests.find(this.database.manager, id);
    if (!request) throw RegistryError.notFound();
    return request;
  }

  async page(request: PageRequest, filters: CertificateRequestFilters): Promise<Page<CertificateRequest>> {
    return pageOf(await this.requests.list(this.database.manager, request, filters), request);
  }

  async pageOfClient(clientId: string, request: PageRequest): Promise<Page<CertificateRequest>> {
    if (!(await this.clients.find(this.database.manager, clientId))) throw RegistryError.notFound();
    return this.page(request, { client_id: clientId });
  }
}
