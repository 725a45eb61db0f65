import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { Operator } from '../../stack/admin/operator.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { startStack, type Stack } from '../../stack/start-stack.js';
import { answerFaults } from '../registry/openapi/answer-faults.js';
import { ApiDocument, type Operation } from '../registry/openapi/api-document.js';
import { anotherOperator, registryScopes } from '../registry/two-operators.js';
import { SCENES, type Scene } from './scenes.js';
import { Stage } from './stage.js';

describe('the examples of the OpenAPI document, sent to the running registry', () => {
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-examples-'));
  let stack: Stack;
  let client: HttpsClient;
  let document: ApiDocument;
  let operator: Operator;
  let stage: Stage;

  beforeAll(async () => {
    const { signal } = new AbortController();
    stack = await startStack({ ports: await freePorts(), directory: join(directory, 'stack'), signal });
    client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
    const { urls, operatorClientId: clientId, pki } = stack;
    operator = new Operator(client, { urls, clientId, identity: pki.operator });
    const scopes = await registryScopes(operator);
    const { operator: colleague } = await anotherOperator(operator, scopes);
    document = await ApiDocument.of(client, urls.registryPublic);
    stage = await Stage.of(operator, colleague, urls.resource);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('there is a scene for every operation, and none for another one', () => {
    const documented = document.operations.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(SCENES).sort()).toEqual(documented.sort());
  });

  it('each gets the documented status, and an answer as its schema says', { timeout: 600_000 }, async () => {
    const faults: string[] = [];
    let replayed = 0;
    for (const operation of document.operations) {
      for (const [name, body] of bodiesOf(operation)) {
        const answer = await replay(operation, body);
        const [documented] = Object.keys(operation.answers).filter((status) => status.startsWith('2'));
        const wrong = answerFaults(answer, operation);
        if (String(answer.status) !== documented)
          wrong.push(`${answer.status} instead of ${documented}: ${answer.text.slice(0, 400)}`);
        faults.push(...wrong.map((fault) => `${operation.method} ${operation.path} ${name}: ${fault}`));
        replayed++;
      }
    }
    expect(faults).toEqual([]);
    expect(replayed).toBeGreaterThan(document.operations.length);
  });

  interface ExampleBody {
    contentType: string;
    value: Record<string, unknown>;
  }

  function bodiesOf({ bodies }: Operation): [string, ExampleBody | undefined][] {
    const examples = Object.entries(bodies).flatMap(([contentType, { examples: found = {} }]) =>
      Object.entries(found).map(([name, { value }]): [string, ExampleBody] => {
        return [name, { contentType, value: value as Record<string, unknown> }];
      }),
    );
    return examples.length > 0 ? examples : [['', undefined]];
  }

  async function replay(operation: Operation, body: ExampleBody | undefined) {
    const { method, path, parameters } = operation;
    const scene = await SCENES[`${method} ${path}`]!(stage);
    const named = path.replace(/\{(\w+)\}/g, (_, name: string) => scene.parameters?.[name] ?? name);
    const address = scene.query === undefined ? named : `${named}?${scene.query}`;
    const needsVersion = parameters.some(({ name, required }) => name === 'If-Match' && required);
    const headers: Record<string, string> = needsVersion ? { 'if-match': await versionOf(scene, method, address) } : {};
    if (!body) return operator.send(address, { method, headers });
    const text = JSON.stringify(await onStage(body.value, path, scene));
    return operator.send(address, { method, headers, raw: { body: text, contentType: body.contentType } });
  }

  async function versionOf({ versionOf: other }: Scene, method: string, address: string): Promise<string> {
    // an action is the last part of the address of what it is done to
    const subject = method === 'POST' ? address.replace(/\/[a-z-]+$/, '') : address;
    const { headers, body } = await operator.call(other ?? subject, {}, 200);
    const [first] = (body['items'] ?? []) as { version?: number }[];
    return headers['etag'] ?? `"${first?.version}"`;
  }

  /** What an example only stands for: identifiers of things that are there, and certificates, of which none are printed. */
  async function onStage(value: Record<string, unknown>, path: string, { parameters }: Scene): Promise<object> {
    const { pem, replaces } = value;
    const rotation = pem && replaces ? await stage.rotation(parameters!['id']!) : undefined;
    const made: Record<string, () => Promise<unknown>> = {
      partner_id: () => stage.partner('activate'),
      client_id: () => stage.draft(),
      trust_anchor_id: () => stage.anchor(),
      csr: () => stage.csr(),
      pem: async () => {
        if (path.endsWith('/crls')) return stage.listPem;
        return rotation?.pem ?? (path.includes('trust-anchors') ? stage.anchorPem() : stage.pem());
      },
      replaces: async () => rotation?.replaces ?? stage.certificate({ client: parameters!['id']! }),
      at: async () => stage.soon(),
      activate_at: async () => stage.soon(),
      audience: () => Promise.resolve(path.endsWith('/scopes') ? stage.audience : value['audience']),
      trust_anchor_ids: () => Promise.all((value['trust_anchor_ids'] as string[]).map(() => stage.anchor())),
    };
    const members = Object.entries(value).map(async ([name, content]) => [
      name,
      made[name] ? await made[name]() : content,
    ]);
    return Object.fromEntries(await Promise.all(members)) as object;
  }
});
