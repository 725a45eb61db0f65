import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { SUBJECT_FIELDS } from '../subject-values/subject-value.js';
import type { Client } from './client.entity.js';
import { ChangeCredentials } from './change-credentials.js';
import { ClientRepository } from './client.repository.js';
import { clientOutput, type ClientPatch } from './client.schema.js';
import { ClientsForChange } from './clients-for-change.js';
import { DefaultResources } from './default-resources.js';

/** What decides who can act as the client. */
const CREDENTIALS = [...SUBJECT_FIELDS, 'jwks', 'jwks_uri', 'certificate_policy'] as const;

@Injectable()
export class ChangeClient {
  constructor(
    private readonly mutations: Mutations,
    private readonly clients: ClientRepository,
    private readonly forChange: ClientsForChange,
    private readonly resources: DefaultResources,
    private readonly credentials: ChangeCredentials,
  ) {}

  /**
   * Merges a patch; the result obeys the same rules as a new client. The status changes by actions only.
   * @throws RegistryError `not_found`, `operator_scope_required`, `client_retired`, `unknown_audience`,
   * `environment_mismatch`, and whatever `ChangeCredentials` refuses
   */
  change(id: string, patch: ClientPatch, context: MutationContext): Promise<Client> {
    return this.mutations.run(context, async (mutation) => {
      const touchesCredentials = CREDENTIALS.some((field) => patch[field] !== undefined);
      const client = touchesCredentials
        ? await this.forChange.lockForCredentials(mutation, id)
        : await this.forChange.lockLive(mutation, id);
      mutation.assertMatches(client);
      const before = clientOutput.parse(client);
      const changed = Object.assign(client, patch);
      if (typeof patch.default_resource === 'string') {
        await this.resources.assertReachable(mutation.transaction, patch.default_resource, client.environment);
      }
      if (touchesCredentials) await this.credentials.assertSound(mutation, changed, patch);
      const saved = await this.clients.save(mutation.transaction, changed);
      if (touchesCredentials) await this.credentials.settle(mutation, saved);
      const after = clientOutput.parse(saved);
      mutation.audit({ action: 'client.changed', targets: [after.id], before, after });
      mutation.announce({ type: 'client.changed', data: after, clientIds: [id] });
      return saved;
    });
  }
}
