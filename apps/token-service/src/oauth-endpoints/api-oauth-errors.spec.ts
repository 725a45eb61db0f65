import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { call, createStage, serveOn, type Answer, type Served, type Stage } from '../served.fixture.spec.js';

type Responses = Record<
  string,
  { content: Record<string, { examples: Record<string, { value: Record<string, string> }> }>; headers?: object }
>;

let schemas: BothSchemas;
let stage: Stage;
let service: Served;
let paths: Record<string, { post: { responses: Responses } }>;
let responses: Responses;

const ask = (o: { method?: string; path?: string; body?: string; headers?: Record<string, string> }): Promise<Answer> =>
  call({ port: service.addresses['mtls']!.port, ca: stage.authority.certificatePem, ...o });

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  service = await serveOn(stage, schemas.databaseUrl);
  const { body } = await ask({ method: 'GET', path: '/docs/openapi.json' });
  paths = body['paths'] as typeof paths;
  responses = paths['/token']!.post.responses;
});
afterAll(async () => {
  await service?.stop();
  await schemas?.stop();
  await stage?.remove();
});

const examplesOf = (status: number, from = responses) =>
  Object.values(from[status]!.content['application/json']!.examples);

describe('A24: OpenAPI shows every refusal of POST /token', () => {
  it('with an example of each error, in the form it has', () => {
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '413', '415', '429', '500', '503']);
    const errors = [400, 401, 413, 415, 429, 500, 503].map((status) =>
      examplesOf(status).map(({ value }) => value['error']),
    );
    expect(errors).toEqual([
      ['invalid_request', 'unsupported_grant_type', 'invalid_scope', 'invalid_target'],
      ['invalid_client'],
      ['invalid_request'],
      ['invalid_request'],
      ['temporarily_unavailable'],
      ['server_error'],
      ['temporarily_unavailable'],
    ]);
    for (const status of [429, 503]) expect(responses[status]!.headers).toHaveProperty('retry-after');
  });

  it.each([
    [400, { body: 'grant_type=client_credentials' }],
    [413, { body: 'a'.repeat(20_000) }],
    [415, { body: '{}', headers: { 'content-type': 'application/json' } }],
  ])('and %i is what is answered', async (status, request) => {
    const certificate = await stage.authority.issueClient({ subject: 'CN=caller' });
    const { port } = service.addresses['mtls']!;
    const answer = await call({ port, ca: stage.authority.certificatePem, as: certificate, ...request });
    expect(answer.status).toBe(status);
    const { error, error_description } = answer.body;
    expect(examplesOf(status).map(({ value }) => value)).toContainEqual(
      expect.objectContaining({ error, error_description }),
    );
    expect(Object.keys(answer.body)).toEqual(Object.keys(examplesOf(status)[0]!.value));
  });
});

describe('A31: OpenAPI shows the answers of POST /introspect and POST /revoke', () => {
  it.each([
    ['/introspect', ['invalid_request']],
    ['/revoke', ['invalid_request', 'unauthorized_client']],
  ])('%s: the refusals of POST /token, with its own of the request', (path, badRequests) => {
    const shown = paths[path]!.post.responses;
    expect(Object.keys(shown)).toEqual(Object.keys(responses));
    expect(examplesOf(400, shown).map(({ value }) => value['error'])).toEqual(badRequests);
    for (const status of [401, 413, 415, 429, 500, 503]) expect(shown[status]).toEqual(responses[status]);
  });

  it('an active token, an inactive one, and the signed form', () => {
    const { content } = paths['/introspect']!.post.responses['200']!;
    expect(Object.keys(content)).toEqual(['application/json', 'application/token-introspection+jwt']);
    const { active, inactive } = content['application/json']!.examples;
    expect(active!.value).toMatchObject({
      active: true,
      token_type: 'Bearer',
      cnf: { 'x5t#S256': expect.any(String) },
    });
    expect(inactive!.value).toEqual({ active: false });
  });

  it('the form takes a token, and a client by its id, by an assertion or by both', () => {
    for (const path of ['/introspect', '/revoke']) {
      const { requestBody } = paths[path]!.post as unknown as {
        requestBody: { content: Record<string, { schema: { required: string[]; properties: object } }> };
      };
      const { schema } = requestBody.content['application/x-www-form-urlencoded']!;
      expect(schema.required).toEqual(['token']);
      expect(Object.keys(schema.properties)).toEqual([
        ...['token', 'token_type_hint', 'client_id', 'client_assertion_type', 'client_assertion'],
      ]);
    }
  });
});
