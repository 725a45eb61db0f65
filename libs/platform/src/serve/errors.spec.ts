import {
  Body,
  Controller,
  Get,
  HttpException,
  Module,
  Post,
  Query,
  Req,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem } from '../problem/index.js';
import { acceptBody, OnListener, requestIdOf } from './index.js';
import { call, post, served, type Answer, type ServedApp } from './served-app.fixture.spec.js';

const Thing = z.strictObject({ name: z.string().min(2), size: z.object({ width: z.number() }).optional() });

@Controller()
@OnListener('tls')
class Failing {
  @Get('bug')
  bug() {
    throw new Error('secret inside', { cause: new TypeError('deeper') });
  }

  @Get('no-error')
  noError() {
    throw 'just text';
  }

  @Get('problem')
  problem() {
    const errors = [{ pointer: '/a', code: 'odd', detail: 'is odd' }];
    const cause = Object.assign(new Error('private reason'), { code: 'row_missing', check: 'lookup' });
    throw new Problem({
      status: 409,
      code: 'already_there',
      detail: 'It is there.',
      errors,
      headers: { 'x-hint': 'h' },
      cause,
    });
  }

  @Get('guarded')
  guarded(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('www-authenticate', 'Bearer error="invalid_token"');
    const cause = Object.assign(new Error('thumbprints differ'), { code: 'binding_failed', check: 'thumbprint' });
    throw new HttpException({ code: 'invalid_token', detail: 'The token is not accepted.' }, 401, { cause });
  }

  @Get('nest')
  nest() {
    throw new UnauthorizedException('internal hint');
  }

  @Post('things')
  create(
    @Body({ schema: Thing }) thing: z.infer<typeof Thing>,
    @Query({ schema: z.object({ page: z.coerce.number().optional() }) }) query: object,
  ) {
    return { thing, query };
  }

  @Get('id')
  id(@Req() request: FastifyRequest) {
    return { id: requestIdOf(request), raw: request.raw.rawHeaders.filter((_, index) => index % 2 === 0) };
  }
}

@Module({ controllers: [Failing] })
class FailingModule {}

let app: ServedApp;
beforeAll(async () => {
  app = await served(FailingModule, {
    problems: { already_there: { status: 409, title: 'Already there', explanation: 'It is there.' } },
    configure: (nest) => acceptBody(nest, 'application/merge-patch+json', (text) => JSON.parse(text) as unknown),
  });
});
afterAll(() => app.stop());

async function expectProblem(answer: Answer, status: number, code: string): Promise<void> {
  expect(answer).toMatchObject({ status, json: { type: `/problems/${code}`, status, code } });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.json.request_id).toMatch(/^req_[0-9a-f]{32}$/);
  expect(answer.headers['x-request-id']).toBe(answer.json.request_id);
  expect(answer.text).not.toMatch(/\bat .*:\d+|node_modules|stack|FST_ERR|secret inside/);
  const explained = await call(app, 'tls', String(answer.json.type));
  expect(explained).toMatchObject({ status: 200, json: { code, explanation: expect.stringMatching(/^[A-Z].*\.$/) } });
}

const logOf = (answer: Answer, message: string) =>
  app.lines.find((line) => line.request_id === answer.json.request_id && line.msg === message)!;

describe('A33: everything that goes wrong is a problem with a request id and never a stack', () => {
  it('an unknown path', async () => await expectProblem(await call(app, 'tls', '/nowhere'), 404, 'not_found'));
  it('a URL that cannot be decoded', async () =>
    await expectProblem(await call(app, 'tls', '/%zz'), 400, 'malformed_url'));
  it('broken JSON', async () =>
    await expectProblem(await post(app, 'tls', '/things', 'application/json', '{"a":'), 400, 'malformed_json'));
  it('an empty JSON body', async () =>
    await expectProblem(await post(app, 'tls', '/things', 'application/json', ''), 400, 'malformed_json'));
  it('a prototype in JSON', async () =>
    await expectProblem(
      await post(app, 'tls', '/things', 'application/json', '{"__proto__":{"x":1}}'),
      400,
      'invalid_request',
    ));
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense'])(
    'content type %s',
    async (type) => await expectProblem(await post(app, 'tls', '/things', type, 'a=b'), 415, 'unsupported_media_type'),
  );
  it('a body over the limit', async () =>
    await expectProblem(
      await post(app, 'tls', '/things', 'application/json', `"${'x'.repeat(70_000)}"`),
      413,
      'body_too_large',
    ));
  it('a registered parser that throws', async () =>
    await expectProblem(await post(app, 'tls', '/things', 'application/merge-patch+json', '{'), 400, 'malformed_body'));
  it('a bug', async () => await expectProblem(await call(app, 'tls', '/bug'), 500, 'internal_error'));
  it('a thrown value that is no error', async () =>
    await expectProblem(await call(app, 'tls', '/no-error'), 500, 'internal_error'));
  it("Nest's own exceptions, without their texts", async () => {
    const answer = await call(app, 'tls', '/nest');
    await expectProblem(answer, 401, 'unauthorized');
    expect(answer.text).not.toContain('internal hint');
  });
});

describe('the public face and the private face', () => {
  it('a Problem is answered as it is; its cause is only in the log', async () => {
    const answer = await call(app, 'tls', '/problem');
    await expectProblem(answer, 409, 'already_there');
    expect(answer.json).toMatchObject({ title: 'Already there', detail: 'It is there.', errors: [{ pointer: '/a' }] });
    expect(answer.headers['x-hint']).toBe('h');
    expect(answer.text).not.toContain('private');
    expect(logOf(answer, 'request refused')).toMatchObject({
      level: 'info',
      code: 'already_there',
      err: { cause: { code: 'row_missing', check: 'lookup', message: 'private reason' } },
    });
  });

  it("an HttpException with code and detail speaks for itself, keeps the guard's challenge, and logs its cause at warn", async () => {
    const answer = await call(app, 'tls', '/guarded');
    await expectProblem(answer, 401, 'invalid_token');
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    const line = logOf(answer, 'request refused');
    expect(line).toMatchObject({
      level: 'warn',
      err: { cause: { code: 'binding_failed', check: 'thumbprint', message: 'thumbprints differ' } },
    });
    expect(line.err).not.toHaveProperty('stack');
  });

  it('a failure is logged at error with stacks of the whole chain', async () => {
    const answer = await call(app, 'tls', '/bug');
    const { cause } = logOf(answer, 'request failed').err as { cause: Record<string, unknown> };
    expect(cause).toMatchObject({
      message: 'secret inside',
      stack: expect.stringContaining('errors.spec'),
      cause: { message: 'deeper' },
    });
  });
});

describe('validation', () => {
  it('hands the parsed value on', async () => {
    const answer = await post(app, 'tls', '/things?page=2', 'application/json', '{"name":"ab"}');
    expect(answer).toMatchObject({ status: 201, json: { thing: { name: 'ab' }, query: { page: 2 } } });
  });

  it('names every fault with a JSON pointer, unknown members too', async () => {
    const answer = await post(app, 'tls', '/things', 'application/json', '{"name":"a","size":{"width":"x"},"a/b":1}');
    await expectProblem(answer, 400, 'invalid_request');
    const pointers = (answer.json.errors as Array<{ pointer: string }>).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(['/a~1b', '/name', '/size/width']);
  });

  it('says where', async () => {
    const answer = await post(app, 'tls', '/things?page=x', 'application/json', '{"name":"ab"}');
    expect(answer.json.detail).toBe('The query is not as expected.');
  });
});

describe('every answer', () => {
  it('carries its request id and the security headers', async () => {
    const answer = await call(app, 'tls', '/id', { headers: { host: 'api.example.com' } });
    expect(answer.headers).toMatchObject({
      'x-request-id': answer.json.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000',
    });
  });

  it("has an id of ours, never the caller's", async () => {
    const answer = await call(app, 'tls', '/id', { headers: { 'x-request-id': 'mine', 'request-id': 'mine' } });
    expect(answer.json.id).toMatch(/^req_[0-9a-f]{32}$/);
  });

  it('leaves the raw headers reachable, duplicates included', async () => {
    const answer = await call(app, 'tls', '/id', {
      headers: { authorization: ['Bearer a', 'Bearer b'] as unknown as string },
    });
    expect((answer.json.raw as string[]).filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(2);
  });

  it('is logged in one line without its query', async () => {
    const answer = await call(app, 'tls', '/id?access_token=abc', { headers: { 'user-agent': 'spec' } });
    const lines = app.lines.filter((line) => line.request_id === answer.json.id);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      msg: 'request',
      listener: 'tls',
      method: 'GET',
      path: '/id',
      route: '/id',
      status: 200,
      user_agent: 'spec',
    });
    expect(JSON.stringify(lines)).not.toContain('access_token');
  });
});
