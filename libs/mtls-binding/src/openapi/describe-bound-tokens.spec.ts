import { Controller, Get, Module, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiExtension, ApiOperation, ApiResponse, ApiSecurity, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeBoundTokens, Public, RequireScope } from '../index.js';

@Controller('things')
class Things {
  @Get() @RequireScope('things:read', 'things:list') list() {}
  @Post()
  @ApiExtension('x-other', { kept: true })
  @RequireScope('things:write')
  @ApiResponse({ status: 403, description: 'Our own words' })
  make() {}
  @Get('open') @Public() open() {}
  @Get('own') @RequireScope('things:own') @ApiSecurity('key') own() {}
}

@Controller('all')
@RequireScope('all:base')
class All {
  @Get() list() {}
  @Get('more') @RequireScope('all:more') @ApiOperation({ summary: 'More' }) more() {}
}

@Module({ controllers: [Things, All] })
class Documented {}

interface Operation {
  security?: unknown;
  responses: Record<string, { description: string }>;
  [name: string]: unknown;
}

let app: INestApplication;

beforeAll(async () => {
  app = await NestFactory.create(Documented, new FastifyAdapter(), { logger: false });
});

afterAll(() => app.close());

function documentOf(version = '3.1.0') {
  const config = new DocumentBuilder().setOpenAPIVersion(version).addApiKey(undefined, 'key').build();
  return SwaggerModule.createDocument(app, config);
}

function described(extra: { scopes?: Record<string, string> } = {}) {
  const document = describeBoundTokens(documentOf(), { tokenUrl: 'https://issuer.test/token', ...extra });
  const at = (method: string, path: string) =>
    (document.paths as Record<string, Record<string, unknown>>)[path]![method] as Operation;
  return { document, at };
}

describe('R7: @RequireScope() in OpenAPI', () => {
  it('says which scopes a route needs, those of its controller included, before anything is completed', () => {
    const paths = documentOf().paths as Record<string, { get?: Operation; post?: Operation }>;
    expect(paths['/things']?.get?.['x-required-scopes']).toEqual(['things:read', 'things:list']);
    expect(paths['/all']?.get?.['x-required-scopes']).toEqual(['all:base']);
    expect(paths['/all/more']?.get).toMatchObject({
      summary: 'More',
      'x-required-scopes': ['all:base', 'all:more'],
    });
    expect(paths['/things']?.post).toMatchObject({ 'x-other': { kept: true }, 'x-required-scopes': ['things:write'] });
  });

  it('asks for a certificate and a token with the scopes, and answers 401, 403 and 503', () => {
    const operation = described().at('get', '/things');
    expect(operation.security).toEqual([{ mutualTLS: [], oauth2: ['things:read', 'things:list'] }]);
    expect(Object.keys(operation.responses)).toEqual(['200', '401', '403', '503']);
    expect(operation.responses['401']).toMatchObject({ headers: { 'WWW-Authenticate': {} } });
    expect(operation.responses['503']).toMatchObject({ headers: { 'Retry-After': {} } });
  });

  it('declares both security schemes and the scopes, beside those of the API', () => {
    const { document } = described({ scopes: { 'things:read': 'Look at things', other: 'Something else' } });
    expect(document.components?.securitySchemes).toEqual({
      key: expect.objectContaining({ type: 'apiKey' }) as object,
      mutualTLS: { type: 'mutualTLS' },
      oauth2: {
        type: 'oauth2',
        flows: {
          clientCredentials: {
            tokenUrl: 'https://issuer.test/token',
            scopes: {
              'things:read': 'Look at things',
              other: 'Something else',
              'things:list': '',
              'things:write': '',
              'things:own': '',
              'all:base': '',
              'all:more': '',
            },
          },
        },
      },
    });
  });

  it('leaves what the API says itself', () => {
    const { at } = described();
    expect(at('post', '/things').responses['403']?.description).toBe('Our own words');
    expect(at('get', '/things/own').security).toEqual([{ key: [] }]);
  });

  it('leaves public routes alone', () => {
    const operation = described().at('get', '/things/open');
    expect(operation.security).toBeUndefined();
    expect(Object.keys(operation.responses)).toEqual(['200']);
  });

  it('refuses a document of OpenAPI 3.0, which knows no mutual TLS', () => {
    const describe = () => describeBoundTokens(documentOf('3.0.0'), { tokenUrl: 'https://issuer.test/token' });
    expect(describe).toThrow(TypeError);
  });
});
