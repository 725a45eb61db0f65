import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OnListener } from '../serve/index.js';
import { call, post, served, type ServedApp } from '../serve/served-app.fixture.spec.js';
import { ApiJson, ApiJsonBody, ApiRefusals, asDocumented, describeApi } from './index.js';

const Money = z.object({ amount: z.number().min(0), currency: z.enum(['EUR', 'USD']) }).meta({ id: 'Money' });
const NewThing = z.strictObject({
  name: z.string().min(1).max(80),
  note: z.string().nullable().optional(),
  price: Money.optional(),
});
const Thing = z.object({ id: z.string(), name: z.string(), note: z.string().nullable() }).meta({ id: 'Thing' });
const Things = z.object({ items: z.array(Thing), next: z.string().nullable() });

const Limits = z.object({
  limit: asDocumented(z.string().regex(/^\d+$/).describe('How many.'), { type: 'integer', maximum: 100 }).optional(),
});

@Controller('v1/things')
@OnListener('mtls')
class ThingsController {
  @Post()
  @ApiJson({
    status: 202,
    schema: Thing,
    description: 'Taken.',
    examples: { small: { summary: 'A small one', value: { id: 'thg_1', name: 'a', note: null } } },
  })
  @ApiJsonBody({
    schema: NewThing,
    examples: {
      small: { summary: 'A small one', value: { name: 'a' } },
      noted: { summary: 'With a note', value: { name: 'b', note: 'n' } },
    },
  })
  @ApiRefusals('already_there', 'invalid_request')
  @ApiRefusals('not_yours')
  create(@Body({ schema: NewThing }) thing: z.infer<typeof NewThing>) {
    return { id: 'thg_1', note: null, secret: 'column', ...thing };
  }

  @Get()
  @ApiJson({ status: 200, schema: Things, description: 'Some.' })
  list(@Query({ schema: Limits }) _query: object) {
    return { items: [{ id: 'thg_1', name: 'a', note: null, secret: 'column' }], next: null };
  }

  @Get(':id')
  @ApiJson({ status: 200, schema: Thing, description: 'One.' })
  one(@Param('id') id: string) {
    return { id, name: 5 };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const problem = (...codes: string[]) => ({
  'application/problem+json': {
    schema: { $ref: '#/components/schemas/Problem' },
    examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
  },
});

const about = {
  title: 'Things <API>',
  version: '1.2.3',
  description: '# First steps\n\nRead **this** first.',
  servers: [{ url: 'https://localhost:9999', description: 'here' }],
  securitySchemes: { bearer: { type: 'http' as const, scheme: 'bearer' } },
  tags: [{ name: 'things', description: 'All of them.' }],
  problems: {
    already_there: { status: 409, title: 'Already there', explanation: 'There is one with this name.' },
    not_yours: { status: 403, title: 'Not yours', explanation: 'It belongs to somebody else.' },
  },
};

let app: ServedApp;
let document: Record<string, never>;
beforeAll(async () => {
  app = await served(ThingsModule, {
    configure: (nest) => describeApi(nest, { ...about, listeners: ['mtls', 'tls'] }),
  });
  document = (await call(app, 'mtls', '/docs/openapi.json')).json as typeof document;
});
afterAll(() => app.stop());

function everyNode(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) visit(node as Record<string, unknown>);
  Object.values(node).forEach((child) => everyNode(child, visit));
}

describe('the document', () => {
  it('is OpenAPI 3.1 and says what it was told', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: about.title, version: '1.2.3', description: about.description },
      servers: about.servers,
      security: [{ bearer: [] }],
      components: { securitySchemes: about.securitySchemes },
      tags: about.tags,
    });
  });

  it('has nothing of the dialect of 3.0, no dialect markers, and every reference resolves', () => {
    everyNode(document, (node) => {
      expect(node).not.toHaveProperty('nullable');
      expect(node).not.toHaveProperty('$schema');
      expect(node).not.toHaveProperty('$defs');
      if (typeof node.$ref !== 'string') return;
      const steps = node.$ref.replace('#/', '').split('/');
      expect(steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], document)).toBeTypeOf(
        'object',
      );
    });
  });

  it('describes the body by the schema that validates it, with its examples', () => {
    expect(document).toHaveProperty(['paths', '/v1/things', 'post', 'requestBody'], {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['name'],
            additionalProperties: false,
            properties: {
              name: { type: 'string', minLength: 1, maxLength: 80 },
              note: { type: ['string', 'null'] },
              price: { $ref: '#/components/schemas/Money' },
            },
          },
          examples: expect.objectContaining({
            small: { summary: 'A small one', value: { name: 'a' } },
            noted: expect.anything() as unknown,
          }) as unknown,
        },
      },
    });
  });

  it('gives every operation an id of its own', () => {
    const ids: unknown[] = [];
    everyNode(document, (node) => 'operationId' in node && ids.push(node.operationId));
    expect(ids.sort()).toEqual(['Problems_explainProblem', 'Things_create', 'Things_list', 'Things_one']);
  });

  it('describes answers, their examples and refusals', () => {
    expect(document).toHaveProperty(['paths', '/v1/things', 'post', 'responses'], {
      202: {
        description: 'Taken.',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Thing' },
            examples: { small: { summary: 'A small one', value: { id: 'thg_1', name: 'a', note: null } } },
          },
        },
      },
      400: {
        description: expect.stringMatching(/`invalid_request`: Invalid request\./) as unknown,
        content: problem('invalid_request', 'malformed_json', 'malformed_body'),
      },
      401: { description: expect.anything() as unknown, content: problem('unauthorized', 'invalid_token') },
      403: {
        description: expect.anything() as unknown,
        content: problem('insufficient_scope', 'origin_not_allowed', 'not_yours'),
      },
      409: { description: '`already_there`: Already there.', content: problem('already_there') },
      413: { description: expect.anything() as unknown, content: problem('body_too_large') },
      415: {
        description: expect.anything() as unknown,
        content: problem('unsupported_media_type', 'unsupported_content_coding'),
      },
      429: { description: expect.anything() as unknown, content: problem('too_many_requests') },
      503: { description: expect.anything() as unknown, content: problem('unavailable') },
    });
  });

  it('gives each code an example with its status, and leaves no mark of its own', () => {
    expect(document).toHaveProperty(['components', 'examples', 'already_there'], {
      summary: 'Already there',
      value: expect.objectContaining({
        status: 409,
        code: 'already_there',
        type: '/problems/already_there',
      }) as unknown,
    });
    expect(JSON.stringify(document)).not.toMatch(/"x-(refusals|components)/);
  });

  it('A33: describes where the codes are explained, and what an unknown one is answered with', async () => {
    const { responses, security } = (
      document.paths as unknown as Record<string, Record<string, Record<string, object>>>
    )['/problems/{code}']!['get']!;
    expect(security).toEqual([]);
    expect(responses).toHaveProperty(['404', 'content'], problem('not_found'));
    for (const listener of ['tls', 'mtls']) {
      expect((await call(app, listener, '/problems/invalid_token')).json).toMatchObject({ status: 401 });
    }
    const { status, json } = await call(app, 'mtls', '/problems/constructor');
    expect([status, json.code]).toEqual([404, 'not_found']);
  });

  it('describes query parameters one by one', () => {
    expect(document).toHaveProperty(
      ['paths', '/v1/things', 'get', 'parameters'],
      [
        {
          name: 'limit',
          in: 'query',
          required: false,
          description: 'How many.',
          schema: { type: 'integer', maximum: 100, description: 'How many.' },
        },
      ],
    );
  });
});

describe('one declaration is documentation, status and whitelist', () => {
  it('sets the status and sends only what the schema names', async () => {
    const answer = await post(app, 'mtls', '/v1/things', 'application/json', '{"name":"a"}');
    expect(answer).toMatchObject({ status: 202, json: { id: 'thg_1', name: 'a', note: null } });
    expect(answer.text).not.toContain('secret');
    expect((await call(app, 'mtls', '/v1/things')).text).not.toContain('secret');
  });

  it('an answer that breaks its own schema is a failure of the server, and nothing of it is sent', async () => {
    const answer = await call(app, 'mtls', '/v1/things/7');
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal_error' } });
  });

  it('refuses an array schema, which would be applied to each item', () => {
    expect(() => ApiJson({ status: 200, schema: z.array(Thing), description: 'x' })).toThrow(TypeError);
  });
});

describe('Swagger UI', () => {
  it('is one page without inline script, under a policy that forbids it', async () => {
    const page = await call(app, 'tls', '/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<title>Things &lt;API&gt;</title>');
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  });

  it('loads everything it names from here', async () => {
    const page = await call(app, 'tls', '/docs');
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(files).toHaveLength(5);
    for (const file of files) expect((await call(app, 'tls', file)).status).toBe(200);
    expect((await call(app, 'tls', '/docs/initializer.js')).text).toMatch(
      /"url":"\/docs\/openapi.json".*"persistAuthorization":true,"tryItOutEnabled":true.*"validatorUrl":null/,
    );
  });

  it('serves nothing else of its package', async () => {
    for (const path of ['/docs/index.html', '/docs/package.json', '/docs/..%2fpackage.json']) {
      expect((await call(app, 'tls', path)).status).toBe(404);
    }
    expect((await call(app, 'tls', '/docs/')).headers.location).toBe('/docs');
  });
});

it('two schemas with one id that differ are refused, not merged', async () => {
  const Changed = z.object({ id: z.string(), when: z.coerce.number().default(1) }).meta({ id: 'Changed' });

  @Controller()
  @OnListener('tls')
  class Twofold {
    @Post('x')
    @ApiJson({ status: 200, schema: Changed, description: 'x' })
    change(@Body({ schema: Changed }) body: z.infer<typeof Changed>) {
      return body;
    }
  }
  @Module({ controllers: [Twofold] })
  class TwofoldModule {}
  const other = await served(TwofoldModule, {
    configure: (nest) => describeApi(nest, { ...about, listeners: ['tls'] }),
  });
  expect((await call(other, 'tls', '/docs/openapi.json')).status).toBe(500);
  expect(JSON.stringify(other.lines)).toContain('Two different schemas have the id \\"Changed\\"');
  await other.stop();
});

it('a code that no table has is refused', async () => {
  @Controller()
  @OnListener('tls')
  class Unknown {
    @Get('x')
    @ApiRefusals('no_such_code')
    read() {
      return 'x';
    }
  }
  @Module({ controllers: [Unknown] })
  class UnknownModule {}
  const other = await served(UnknownModule, {
    configure: (nest) => describeApi(nest, { ...about, listeners: ['tls'] }),
  });
  expect((await call(other, 'tls', '/docs/openapi.json')).status).toBe(500);
  expect(JSON.stringify(other.lines)).toContain('\\"no_such_code\\"');
  await other.stop();
});
