import type { HttpsClient } from '../stack/admin/https-client.js';
import type { Operator } from '../stack/admin/operator.js';
import type { ListOperation } from './list-pages.js';

interface Shown {
  id: string;
  partner_id?: string;
}

/** The lists that have pages, as the running registry documents them. */
export async function pagedLists(client: HttpsClient, registryPublic: string): Promise<string[]> {
  const { body } = await client.send({ url: `${registryPublic}/docs/openapi.json` });
  const paths = body['paths'] as Record<string, { get?: { parameters?: { name: string }[] } }>;
  return (
    Object.entries(paths)
      .filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'limit'))
      // no list: it tries a change with real certificates; the registry's own specs measure it with very many clients
      .filter(([path]) => !path.endsWith('/impact'))
      .map(([path]) => path)
  );
}

/** Each of them below the partner, client or anchor on which very much hangs. */
export async function seededLists(paths: readonly string[], operator: Operator): Promise<ListOperation[]> {
  const first = async (query: string): Promise<Shown> => {
    const { body } = await operator.call(query, {}, 200);
    return (body['items'] as Shown[])[0]!;
  };
  const partner = await first('/v1/partners?slug=seed-1');
  const server = await first('/v1/resource-servers?audience=https://api-1.seed.example');
  const client = await clientOfMany(operator);
  const anchor = await first(`/v1/clients/${client}/trust-anchors`);
  const busy: Record<string, string> = {
    partners: partner.id,
    clients: client,
    'trust-anchors': anchor.id,
    'resource-servers': server.id,
  };
  return paths.map((path) => ({ path, address: path.replace('{id}', busy[path.split('/')[2]!] ?? '') }));
}

/** The one with the oldest of the superseded certificates: they all are of one. */
async function clientOfMany(operator: Operator): Promise<string> {
  const { body } = await operator.call('/v1/certificates?status=superseded&limit=1', {}, 200);
  return (body['items'] as { client_id: string }[])[0]!.client_id;
}
