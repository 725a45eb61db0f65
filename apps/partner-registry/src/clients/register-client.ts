import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdoptClientKeys } from '../judgement/adopt-client-keys.js';
import type { Environment } from '../http/fields.schema.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertMayChangeOperators, type Actor } from '../mutations/words/operator-rules.js';
import { partnerOffboarded } from '../problems/partner.errors.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import { NO_SUBJECT } from '../subject-values/subject-value.js';
import { assertIdentifiable } from './assert-identifiable.js';
import { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { clientOutput, type NewClient, type WrittenClient } from './client.schema.js';
import { DefaultResources } from './default-resources.js';
import { keyWarnings } from './key-warnings.js';
import { assertFieldsOfMethod } from './method-fields.js';

const DEFAULT_ENVIRONMENT: Environment = 'sandbox'; // production is something one asks for

@Injectable()
export class RegisterClient {
  constructor(
    private readonly mutations: Mutations,
    private readonly partners: PartnerRepository,
    private readonly resources: DefaultResources,
    private readonly keys: AdoptClientKeys,
    private readonly clients: ClientRepository,
  ) {}

  register(request: NewClient, context: MutationContext): Promise<WrittenClient> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, actor, now } = mutation;
      const row = transaction.create(Client, {
        status: 'draft',
        token_endpoint_auth_method: 'tls_client_auth',
        environment: DEFAULT_ENVIRONMENT,
        ...NO_SUBJECT,
        jwks: null,
        jwks_uri: null,
        ...request,
      });
      assertFieldsOfMethod(row);
      assertIdentifiable(row, true); // its anchors are linked once it is there
      await this.assertPartner(transaction, request.partner_id, actor);
      if (request.default_resource !== undefined) {
        await this.resources.assertReachable(transaction, request.default_resource, row.environment);
      }
      const passedOver = await this.keys.adopt(transaction, row, now);
      const client = await this.clients.save(transaction, row);
      const after = clientOutput.parse(client);
      mutation.record({
        action: 'client.registered',
        targets: [after.id, after.partner_id],
        after,
        clientIds: [client.id],
      });
      return Object.assign(client, { warnings: keyWarnings(passedOver) });
    });
  }

  // Held, so that it is not offboarded while it gets one more client.
  private async assertPartner(transaction: EntityManager, id: string, actor: Actor): Promise<void> {
    const partner = await this.partners.hold(transaction, id);
    if (!partner) throw RegistryError.ofField('unknown_partner', '/partner_id', 'There is no such partner.');
    if (partner.is_platform) assertMayChangeOperators(actor);
    if (partner.status === 'offboarded') throw partnerOffboarded();
  }
}
