import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { stateAfter } from '../conventions/transition.js';
import type { Actor } from '../operators/operator-rules.js';
import { RegistryError } from '../problems/registry-error.js';
import { CLIENT_TRANSITIONS, type ClientAction } from './client-status.js';
import type { Client } from './client.entity.js';
import { ClientRepository } from './client.repository.js';
import { ClientsForChange } from './clients-for-change.js';

/** Activate, suspend, reinstate: one path for every action, so that none forgets the lock, the rule or the reason. */
@Injectable()
export class ChangeClientStatus {
  constructor(
    private readonly database: DataSource,
    private readonly forChange: ClientsForChange,
    private readonly clients: ClientRepository,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition`, `client_incomplete` */
  change(id: string, action: ClientAction, reason: string, actor: Actor): Promise<Client> {
    return this.database.transaction(async (transaction) => {
      const client = await this.forChange.lock(transaction, id, actor);
      client.status = stateAfter(CLIENT_TRANSITIONS, action, client.status);
      if (action === 'activate') await this.assertComplete(transaction, client, new Date());
      client.status_reason = reason;
      return this.clients.save(transaction, client);
    });
  }

  private async assertComplete(transaction: EntityManager, client: Client, now: Date): Promise<void> {
    const certificates = await this.clients.countUsableCertificates(transaction, client.id, now);
    const missing = [
      ...(hasSubject(client) ? [] : ['a subject value (the first certificate brings it)']),
      ...(certificates > 0 ? [] : ['an active certificate']),
    ];
    if (missing.length === 0) return;
    throw new RegistryError('client_incomplete', { detail: `The client still needs ${missing.join(' and ')}.` });
  }
}

function hasSubject(client: Client): boolean {
  const { tls_client_auth_subject_dn: dn, tls_client_auth_san_dns: dns, tls_client_auth_san_uri: uri } = client;
  return [dn, dns, uri, client.tls_client_auth_san_ip, client.tls_client_auth_san_email].some(
    (value) => value !== null,
  );
}
