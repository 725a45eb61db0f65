import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { SUBJECT_FIELDS } from '../subject-values/subject-value.js';
import { ChangeCredentials } from './change-credentials.js';
import { ClientRepository } from '../records/client.repository.js';
import { clientOutput, type ClientPatch, type WrittenClient } from './client.schema.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { defaultTarget } from './default-audience.js';
import { DefaultResources } from './default-resources.js';
import { keyWarnings } from './key-warnings.js';
import { targetWarnings } from './target-warnings.js';

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
   * Merges a patch; the result obeys the same rules as a new client. The status changes by actions only. Warns when a token
   * request without `resource` gets something else afterwards. // A46
   */
  change(id: string, patch: ClientPatch, context: MutationContext): Promise<WrittenClient> {
    return this.mutations.run(context, async (mutation) => {
      const touchesCredentials = CREDENTIALS.some((field) => patch[field] !== undefined);
      const client = touchesCredentials
        ? await this.forChange.lockForCredentials(mutation, id)
        : await this.forChange.lockLive(mutation, id);
      mutation.assertMatches(client);
      const target = await defaultTarget(mutation.transaction, id, mutation.now);
      const before = clientOutput.parse(client);
      const changed = Object.assign(client, patch);
      if (typeof patch.default_resource === 'string') {
        await this.resources.assertReachable(mutation.transaction, patch.default_resource, client.environment);
      }
      const passedOver = touchesCredentials ? await this.credentials.assertSound(mutation, changed, patch) : [];
      const saved = await this.clients.save(mutation.transaction, changed);
      if (touchesCredentials) await this.credentials.settle(mutation, saved);
      const after = clientOutput.parse(saved);
      mutation.record({ action: 'client.changed', targets: [after.id], before, after, clientIds: [id] });
      const targetAfter = await defaultTarget(mutation.transaction, id, mutation.now);
      return Object.assign(saved, { warnings: [...keyWarnings(passedOver), ...targetWarnings(target, targetAfter)] });
    });
  }
}
