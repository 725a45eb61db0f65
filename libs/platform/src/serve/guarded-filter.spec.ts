import { Catch, Controller, Get, Module, Post, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from './index.js';
import { call, post, served, type Answer, type ServedApp } from './served-app.fixture.spec.js';

class OwnError extends Error {}

@Controller()
@OnListener('tls')
class Failing {
  @Get('own')
  own() {
    throw new OwnError('mine');
  }

  @Get('bug')
  bug() {
    throw new Error('secret inside');
  }

  @Post('things')
  things() {
    return {};
  }
}

@Module({ controllers: [Failing] })
class FailingModule {}

@Catch()
class EverythingFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost) {
    if (thrown instanceof Error && thrown.message === 'secret inside') throw new Error('the filter fails too');
    void host.switchToHttp().getResponse<FastifyReply>().code(418).send({ error: 'own' });
  }
}

@Catch(OwnError)
class OwnErrorFilter extends EverythingFilter {}

@Catch()
class LateFilter implements ExceptionFilter {
  catch() {
    return Promise.reject(new Error('secret inside, later'));
  }
}

const OWN = { status: 418, json: { error: 'own' } };

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({ status, json: { code, request_id: answer.headers['x-request-id'] } });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.text).not.toContain('secret');
}

describe("an app's own exception filter for everything", () => {
  let app: ServedApp;
  beforeAll(async () => {
    app = await served(FailingModule, { exceptionFilter: () => new EverythingFilter() });
  });
  afterAll(() => app.stop());

  it('writes the answers to unknown paths, wrong methods and what a parser refuses', async () => {
    expect(await call(app, 'tls', '/nowhere')).toMatchObject(OWN);
    expect(await call(app, 'tls', '/own', { method: 'DELETE' })).toMatchObject(OWN);
    expect(await post(app, 'tls', '/things', 'application/json', '{')).toMatchObject(OWN);
    expect(await post(app, 'tls', '/things', 'text/plain', 'x')).toMatchObject(OWN);
  });

  it('is never asked about a URL the router cannot read: that stays a problem', async () => {
    expectProblem(await call(app, 'tls', '/%zz'), 400, 'malformed_url');
  });

  it('may fail itself: that is a problem', async () => {
    expectProblem(await call(app, 'tls', '/bug'), 500, 'internal_error');
  });
});

it('a filter for some errors leaves the others to the platform', async () => {
  const app = await served(FailingModule, { exceptionFilter: () => new OwnErrorFilter() });
  expect(await call(app, 'tls', '/own')).toMatchObject(OWN);
  expectProblem(await call(app, 'tls', '/nowhere'), 404, 'not_found');
  await app.stop();
});

it('a filter that fails later is covered too', async () => {
  const app = await served(FailingModule, { exceptionFilter: () => new LateFilter() });
  expectProblem(await call(app, 'tls', '/own'), 500, 'internal_error');
  await app.stop();
});
