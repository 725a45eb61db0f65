import { format, resolveConfig } from 'prettier';
import { createAuthority, createCertificationRequest, mintCertificate, mintCrl } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROBLEMS } from './problems/problem-table.js';
import type { TestRequest } from './registry.testing.js';
import { startIssuingRegistry, type IssuingRegistry } from './certificate-requests/certificate-requests.testing.js';

/** `npx nx run partner-registry:openapi` writes it anew. */
const FILE = new URL('../../../docs/openapi/partner-registry.json', import.meta.url).pathname;

interface Media {
  schema: z.core.JSONSchema.JSONSchema;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
  parameters?: { name: string; in: string; required?: boolean }[];
}
interface Named {
  method: string;
  path: string;
  operation: Operation;
}

let registry: IssuingRegistry;
let operations: Named[];
let document: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, z.core.JSONSchema.JSONSchema>; examples: Record<string, { value: unknown }> };
};

beforeAll(async () => {
  registry = await startIssuingRegistry();
  document = (await registry.call('/docs/openapi.json')).body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
});

afterAll(() => registry?.stop());

it('docs/openapi/partner-registry.json is the document that is served', async () => {
  const options = await resolveConfig(FILE);
  await expect(await format(JSON.stringify(document), { ...options, parser: 'json' })).toMatchFileSnapshot(FILE);
});

describe('examples', () => {
  const jsonOf = (content: Record<string, Media> | undefined) => content?.['application/json'];

  it('are there for every body and every answer', () => {
    const without = operations
      .filter(({ path }) => path.startsWith('/v1/'))
      .flatMap(({ method, path, operation }) => {
        const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
        const bodies = [operation.requestBody?.content, ...answers.map(([, { content }]) => content)];
        const bare = bodies.map(jsonOf).filter((media) => media && Object.keys(media.examples ?? {}).length === 0);
        return bare.map(() => `${method} ${path}`);
      });
    expect(without).toEqual([]);
  });

  const zodOf = (schema: z.core.JSONSchema.JSONSchema) => {
    const whole = { ...schema, $defs: document.components.schemas };
    const text = JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/');
    return z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema);
  };

  it('of refusals are problems, each with the status of its code', () => {
    const codes = Object.entries(document.components.examples);
    expect(codes.length).toBeGreaterThan(50);
    for (const [code, { value }] of codes) {
      expect(value).toMatchObject({ code, status: PROBLEMS[code as keyof typeof PROBLEMS].status });
      expect(Object.keys(value as object)).toEqual(
        expect.arrayContaining((document.components.schemas['Problem'] as { required: string[] }).required),
      );
    }
  });

  it('of answers are what the schema says', () => {
    for (const { method, path, operation } of operations) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const media = jsonOf(content);
        for (const [name, { value }] of Object.entries(media?.examples ?? {})) {
          const parsed = zodOf(media!.schema).safeParse(value);
          expect(parsed.error?.issues ?? [], `${method} ${path} ${status} ${name}`).toEqual([]);
        }
      }
    }
  });

  // Identifiers stand for whatever has them here, and certificates are made when they are needed.
  it('of requests are understood by the running service, as dry runs', async () => {
    const known = await fixtures();
    for (const { method, path, operation } of operations) {
      const takesDryRun = operation.parameters?.some(({ name }) => name === 'dry_run') ?? false;
      const address = path.replace('{id}', known.idFor(path));
      for (const [name, { value }] of Object.entries(jsonOf(operation.requestBody?.content)?.examples ?? {})) {
        const raw = { type: 'application/json', text: await known.livingText(path, value) };
        const takesVersion = operation.parameters?.some(({ name, required }) => name === 'If-Match' && required);
        const etag = method === 'post' ? '*' : (await registry.call(address)).headers['etag'];
        const answer = await registry.call(address + (takesDryRun ? '?dry_run=true' : ''), {
          method: method.toUpperCase() as 'POST',
          raw,
          headers: takesVersion ? { 'if-match': String(etag) } : {},
        });
        const what = `${method} ${path} ${name}: ${JSON.stringify(answer.body)}`;
        // 409: the state of what stands for it here is another one
        expect([200, 201, 204, 409], what).toContain(answer.status);
      }
    }
  });
});

it('whatever has a name in the domain is a component of that name', () => {
  const names = ['Partner', 'Contact', 'Client', 'Certificate', 'CertificateRequest', 'TrustAnchor', 'Crl', 'Grant'];
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining([...names, 'ResourceServer', 'Scope', 'AuditEvent', 'Change', 'Impact', 'Problem']),
  );
  const inline = operations.flatMap(({ method, path, operation }) => {
    const bodies = [operation.requestBody, ...Object.values(operation.responses)];
    const media = bodies.map((body) => body?.content?.['application/json']);
    return media.some((one) => one && !one.schema.$ref) ? [`${method} ${path}`] : [];
  });
  expect(inline).toEqual([]);
});

const NOUNS: Record<string, string> = {
  partners: 'ptn',
  contacts: 'ctc',
  clients: 'cli',
  certificates: 'crt',
  'certificate-requests': 'crq',
  'trust-anchors': 'anc',
  'resource-servers': 'rsv',
  scopes: 'scp',
  grants: 'grt',
};

/** One of everything, and the values of examples with their identifiers and certificates. */
async function fixtures() {
  const make = async (path: string, json: object, sent?: TestRequest) => {
    const { status, body } = await registry.post(path, json, sent);
    expect(status, `${path}: ${JSON.stringify(body)}`).toBe(201);
    return body;
  };
  const leaf = async () => (await registry.authority.issueClient({ subject: 'CN=example' })).certificatePem;
  const root = await mintCertificate({ subject: 'CN=A', authority: true });
  const list = async () => {
    const base64 = mintCrl({ issuer: root }).toString('base64');
    return `-----BEGIN X509 CRL-----\n${base64}\n-----END X509 CRL-----\n`;
  };
  const csr = async () => (await createCertificationRequest()).pem;
  // of another operator than the one who is to approve it
  const byAnother = { token: registry.second };
  const ptn = (await make('/v1/partners', { slug: 'example', legal_name: 'Acme' })).id;
  const cli = (await make('/v1/clients', { partner_id: ptn, client_name: 'A', environment: 'production' })).id;
  const server = { audience: 'https://example.com', name: 'A', environment: 'production' };
  const rsv = await make('/v1/resource-servers', { ...server, scopes: [{ name: 'x', description: 'X' }] });
  const contact = { kind: 'technical', name: 'Service desk', email: 'desk@acme.example' };
  const living: Record<string, string> = {
    ptn,
    cli,
    rsv: rsv.id,
    scp: rsv.scopes[0].id,
    crt: (await make(`/v1/clients/${cli}/certificates`, { pem: await leaf() })).id,
    crq: (await make(`/v1/clients/${cli}/certificate-requests`, { csr: await csr() }, byAnother)).id,
    grt: (await make(`/v1/clients/${cli}/scopes`, { audience: server.audience, scopes: ['x'] })).items[0].id,
    ctc: (await make(`/v1/partners/${ptn}/contacts`, contact)).id,
    anc: (await make('/v1/trust-anchors', { name: 'A', pem: root.certificatePem })).id,
  };
  return {
    idFor: (path: string) => living[NOUNS[path.split('/')[2]!]!]!,
    livingText: async (path: string, value: unknown) => {
      const anchor = async () => (await createAuthority({ name: 'B' })).certificatePem;
      // a date in an example is one to come, for as long as its reader sees it
      const soon = () => Promise.resolve(new Date(Date.now() + 86_400_000).toISOString());
      const pems: Record<string, () => Promise<string>> = {
        '/v1/trust-anchors': anchor,
        '/v1/trust-anchors/{id}/crls': list,
      };
      const made = { pem: pems[path] ?? leaf, csr, activate_at: soon, at: soon };
      const real = { ...(value as object) };
      for (const [name, content] of Object.entries(made)) {
        if (name in real) Object.assign(real, { [name]: await content() });
      }
      return JSON.stringify(real).replaceAll(
        /\b([a-z]{3})_[0-9a-f]{32}\b/g,
        (id, prefix: string) => living[prefix] ?? id,
      );
    },
  };
}
