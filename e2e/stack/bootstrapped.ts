import { StackError } from './stack-error.js';
import type { GuardedApp, StackUrls } from './topology.js';

/** Who is registered once the bootstrap has run, by client id. */
export interface Bootstrapped {
  operatorClientId: string;
  apiClientIds: Record<GuardedApp, string>;
}

interface Printed {
  operator_client_id: string;
  registry_client_id: string;
  resource_servers: { audience: string; client_id: string | null }[];
}

/** Reads what `bootstrap` prints. Errors: StackError `command_failed` when the sample API got no client. */
export function bootstrappedFrom(output: string, urls: Pick<StackUrls, 'resource'>): Bootstrapped {
  const printed = JSON.parse(output) as Printed;
  const resourceApi = printed.resource_servers.find(({ audience }) => audience === urls.resource)?.client_id;
  if (typeof resourceApi !== 'string') {
    throw new StackError('command_failed', `bootstrap made no client for ${urls.resource}: ${output}`);
  }
  return {
    operatorClientId: printed.operator_client_id,
    apiClientIds: { 'partner-registry': printed.registry_client_id, 'resource-api': resourceApi },
  };
}
