import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { RegisterResourceServer, type ResourceServerWithScopes } from '../resource-servers/register-resource-server.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { scopeOutput, type NewResourceServer } from '../resource-servers/resource-server.schema.js';
import { scopeFields } from '../resource-servers/scope-fields.js';
import { Scope } from '../records/scope.entity.js';
import { nameRefusals } from './name-refusals.js';
import { FOLLOW_REVOCATIONS, TOKEN_SERVICE_SCOPES } from '../mutations/words/token-service-scopes.js';

/** Within the mutation of a command. @throws RegistryError `audience_taken`, naming the server */
export function registerServer(mutation: ActiveMutation, server: NewResourceServer): Promise<ResourceServerWithScopes> {
  const registration = new RegisterResourceServer(new ResourceServerRepository());
  return nameRefusals(`the resource server ${server.audience}`, () => registration.register(mutation, server));
}

/** The token service as a resource server: of its own routes. @throws RegistryError `audience_taken` */
export function registerTokenService(mutation: ActiveMutation, issuer: string): Promise<ResourceServerWithScopes> {
  const scopes = [...TOKEN_SERVICE_SCOPES];
  return registerServer(mutation, { audience: issuer, name: 'Token service', environment: 'production', scopes });
}

/** The same where it may be there already, whoever registered it and with whichever scopes. */
export async function bringTokenService(mutation: ActiveMutation, issuer: string): Promise<ResourceServerWithScopes> {
  const servers = new ResourceServerRepository();
  const { transaction } = mutation;
  const server = await servers.findByAudience(transaction, issuer);
  if (!server) return registerTokenService(mutation, issuer);
  const scopes = await servers.scopesOf(transaction, [server]);
  if (scopes.some(({ name }) => name === FOLLOW_REVOCATIONS)) return Object.assign(server, { scopes });
  const fields = { ...scopeFields(TOKEN_SERVICE_SCOPES[0]), resource_server_id: server.id };
  const [added] = await servers.saveScopes(transaction, [transaction.create(Scope, fields)]);
  const after = scopeOutput.parse(added);
  mutation.record({ action: 'scope.added', targets: [after.id, after.resource_server_id], after });
  return Object.assign(server, { scopes: [...scopes, added!] });
}
