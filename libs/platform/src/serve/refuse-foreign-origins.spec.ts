import { Controller, Get, Module, Patch, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from './index.js';
import { call, served, type ServedApp } from './served-app.fixture.spec.js';

let done = 0;

@Controller('things')
@OnListener('tls')
class Things {
  @Get()
  read() {
    return {};
  }

  @Post()
  create() {
    done += 1;
    return {};
  }

  @Patch()
  change() {
    done += 1;
    return {};
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let app: ServedApp;
beforeAll(async () => {
  app = await served(ThingsModule, { allowedOrigins: ['https://console.example'] });
});
afterAll(() => app.stop());

const own = () => `https://localhost:${app.port('tls')}`;
const send = (method: string, headers: Record<string, string>) =>
  call(app, 'tls', '/things', { method, headers: { host: `localhost:${app.port('tls')}`, ...headers } });

describe('A35: a page of another origin changes nothing', () => {
  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://console.example.evil.example' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('%j: 403, before anything is done', async (headers) => {
    const before = done;
    for (const method of ['POST', 'PATCH']) {
      const answer = await send(method, headers);
      expect(answer).toMatchObject({ status: 403, json: { code: 'origin_not_allowed' } });
      const broken = await send(method, {
        ...headers,
        'content-type': 'application/json',
        'content-length': '99999999',
      });
      expect(broken.status).toBe(403);
    }
    expect(done).toBe(before);
    expect((await send('GET', headers)).status).toBe(200); // changes nothing
  });

  it('its own port counts: another one of the same host is another origin', async () => {
    expect((await send('POST', { origin: 'https://localhost:1' })).status).toBe(403);
    expect((await send('POST', { origin: own().replace('https', 'http') })).status).toBe(403);
    expect((await send('POST', { origin: own(), 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('servers, its own pages and configured origins are served', async () => {
    const allowed: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'none' },
      { origin: own(), 'sec-fetch-site': 'same-origin' },
      { origin: own() },
      { origin: 'https://console.example', 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of allowed) {
      expect((await send('POST', headers)).status).toBe(201);
      expect((await send('PATCH', headers)).status).toBe(200);
    }
  });
});
