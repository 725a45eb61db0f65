import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientsForChange } from '../clients/clients-for-change.js';
import { assertMayGrant, type Actor } from '../operators/operator-rules.js';
import type { NamedGrant } from './grant.repository.js';
import type { NewGrants } from './grant.schema.js';
import { GrantScopes } from './grant-scopes.js';

@Injectable()
export class GrantClientScopes {
  constructor(
    private readonly database: DataSource,
    private readonly forChange: ClientsForChange,
    private readonly granting: GrantScopes,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required`, and whatever `GrantScopes` refuses */
  grant(clientId: string, request: NewGrants, actor: Actor): Promise<NamedGrant[]> {
    return this.database.transaction(async (transaction) => {
      const client = await this.forChange.lock(transaction, clientId, actor);
      assertMayGrant(actor, request.audience);
      return this.granting.grant(transaction, client, request);
    });
  }
}
