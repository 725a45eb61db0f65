import { Injectable } from '@nestjs/common';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import type { Client } from '../records/client.entity.js';
import { subjectOf } from '../subject-values/subject-value.js';
import { AnchorLists } from './anchor-lists.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import type { Expectations } from './judge-certificate.js';

/** Gathers what a client's certificates are held against. */
@Injectable()
export class ClientExpectations {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly links: ClientTrustAnchorRepository,
    private readonly lists: AnchorLists,
  ) {}

  /** Outside Nest: for commands. */
  static standalone(): ClientExpectations {
    const lists = new AnchorLists(new HeldCrlRepository());
    return new ClientExpectations(new CertificateRepository(), new ClientTrustAnchorRepository(), lists);
  }

  async of(database: EntityManager, client: Client): Promise<Expectations> {
    const selfSigned = client.token_endpoint_auth_method === 'self_signed_tls_client_auth';
    // A13: nobody vouches for it
    const anchors = selfSigned ? [] : await this.links.anchorsOf(database, client.id);
    const intermediates = await this.certificates.intermediatesOf(database, client.id);
    return {
      subject: subjectOf(client),
      needsSubject: client.token_endpoint_auth_method === 'tls_client_auth',
      anchors,
      lists: await this.lists.of(database, anchors),
      intermediates: intermediates.map((der) => parseCertificate(Buffer.from(der, 'base64'))),
    };
  }
}
