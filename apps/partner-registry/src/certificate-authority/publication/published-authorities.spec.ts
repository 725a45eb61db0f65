import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataSourceOptions } from '../../database/data-source.js';
import { startDatabase, type TestDatabase } from '../../database/database.testing.js';
import { createTestAuthority, createTestRoot, testAuthorityPolicy } from '../authority.testing.js';
import { PublishedAuthorities } from './published-authorities.js';

const { keyEncryptionKey: encryption } = testAuthorityPolicy();
const issuer = { issuer: 'https://localhost:9443' };

let database: TestDatabase;
let connection: DataSource;
beforeAll(async () => {
  database = await startDatabase();
  connection = await new DataSource(dataSourceOptions(database.runtimeUrl)).initialize();
});
afterAll(() => database?.stop());

// The half second for which it is kept passes when the spec says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('what is published', () => {
  it('is read once for everybody who asks at the same time, and again when it has changed', async () => {
    const root = await createTestRoot();
    const sandbox = await createTestAuthority({ database, issuer }, root, 'sandbox', { encryption });
    const published = new PublishedAuthorities(connection);
    const [one, two] = await Promise.all([published.all(), published.all()]);
    expect(two).toBe(one);
    expect(one.map(({ id, crl }) => [id, crl?.length])).toEqual([[sandbox.id, expect.any(Number)]]);
    expect(await published.all()).toBe(one);
    const production = await createTestAuthority({ database, issuer }, root, 'production', { encryption });
    vi.advanceTimersByTime(600);
    const later = await published.all();
    expect(later.map(({ id }) => id)).toEqual([sandbox.id, production.id]);
  });

  it('stays what it was while the database is away, and is nothing before it was ever read', async () => {
    const published = new PublishedAuthorities(connection);
    const before = await published.all();
    const unread = new PublishedAuthorities(connection);
    await connection.destroy();
    vi.advanceTimersByTime(600);
    expect(await published.all()).toBe(before);
    await expect(unread.all()).rejects.toThrow();
  });
});
