import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
}, 120_000);

afterAll(() => registry?.stop());

describe('without its database', () => {
  it('the registry answers 503 and says when to try again, and is not ready', async () => {
    expect((await registry.call('/v1/partners')).status).toBe(200);
    await registry.database.stop();
    const answers = [
      await registry.call('/v1/partners'),
      await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(answer.headers['retry-after']).toBe('5');
      expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|127\.0\.0\.1|postgres/i);
    }
    expect(await registry.readiness()).toMatchObject({ status: 503, body: { checks: { database: 'failed' } } });
    expect((await registry.call('/v1/partners', { token: null })).status).toBe(401);
  });
});
