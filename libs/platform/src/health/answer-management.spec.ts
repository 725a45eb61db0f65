import { get, request } from 'node:http';
import { Controller, Get, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from '../serve/index.js';
import { call, served, type ServedApp } from '../serve/served-app.fixture.spec.js';

@Controller('things')
@OnListener('tls', 'mtls')
class Things {
  @Get(':id')
  one() {
    return {};
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let app: ServedApp;
let database: () => Promise<void> = async () => undefined;
beforeAll(async () => {
  app = await served(ThingsModule, {
    readiness: () => [
      { name: 'database', check: () => database() },
      { name: 'keys', check: async () => undefined },
    ],
  });
});
afterAll(() => app.stop());

function manage(path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: app.port('management'), path, method, agent: false },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('the management listener', () => {
  it('is live, and ready while every check passes', async () => {
    expect((await manage('/livez')).status).toBe(200);
    const ready = await manage('/readyz?verbose');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toEqual({ ready: true, draining: false, checks: { database: 'ok', keys: 'ok' } });
  });

  it('is not ready while a check fails or hangs; why stands in the log, once', async () => {
    database = () => Promise.reject(new Error('password authentication failed'));
    const failing = await manage('/readyz');
    expect(failing).toMatchObject({ status: 503 });
    expect(failing.text).toContain('"database":"failed","keys":"ok"');
    expect(failing.text).not.toContain('password');
    await manage('/readyz');
    database = () => new Promise(() => undefined);
    expect((await manage('/readyz')).status).toBe(503);
    database = async () => undefined;
    expect((await manage('/readyz')).status).toBe(200);
    const messages = app.lines.filter((line) => line.check === 'database').map((line) => line.msg);
    expect(messages).toEqual(['readiness check failed', 'readiness check is well again']);
    expect((await manage('/livez')).status).toBe(200);
  });

  it('measures requests by route, not by path', async () => {
    await call(app, 'mtls', '/things/thg_secret?x=1');
    await call(app, 'tls', '/nowhere/thg_secret');
    const { text } = await manage('/metrics');
    const counts = text.split('\n').filter((line) => line.startsWith('http_request_duration_seconds_count{'));
    expect(counts).toEqual([
      expect.stringMatching(/service="spec".*method="GET",route="\/things\/:id",status="200",listener="mtls"\} 1$/),
      expect.stringMatching(/method="GET",route="unmatched",status="404",listener="tls"\} 1$/),
    ]);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('thg_secret');
  });

  it('answers nothing else, and only reads', async () => {
    expect((await manage('/things/1')).status).toBe(404);
    expect((await manage('/readyz', 'POST')).status).toBe(405);
  });

  it('is not on the TLS listeners', async () => {
    expect((await call(app, 'tls', '/metrics')).status).toBe(404);
  });
});

it('two apps in one process keep their measurements apart', async () => {
  const other = await served(ThingsModule);
  await call(other, 'tls', '/things/1');
  const text = await new Promise<string>((resolve) => {
    get({ host: '127.0.0.1', port: other.port('management'), path: '/metrics', agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    });
  });
  expect(text.match(/http_request_duration_seconds_count\{/g)).toHaveLength(1);
  await other.stop();
});
