import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { dataSourceOptions } from '../database/data-source.js';
import { Gate } from '../database/gate.fixture.spec.js';
import { boundToken } from '../introspection/bound-token.fixture.spec.js';
import { TokenRevocations } from './token-revocations.repository.js';

let schemas: BothSchemas;
let gate: Gate;
let database: DataSource;
let revocations: TokenRevocations;

beforeAll(async () => {
  schemas = await startBothSchemas();
  gate = new Gate(schemas.postgres.adminUrl);
  await gate.open();
  // one connection, so that there is one to fall silent
  const options = { ...dataSourceOptions(gate.urlOf(schemas.databaseUrl)), poolSize: 1 } as never;
  database = await new DataSource(options).initialize();
  revocations = new TokenRevocations(database);
});
afterAll(async () => {
  await gate?.close();
  await database?.destroy();
  await schemas?.stop();
});

const token = (letter: string) => boundToken({ jti: letter.repeat(27) });

it('A31: each revocation has the next number', async () => {
  const first = await revocations.record(token('a'));
  expect(await revocations.record(token('b'))).toBe(first + 1);
});

it('A31: whoever revokes is not kept waiting by a Postgres that has fallen silent', async () => {
  expect(gate.silence('record_token_revocation')).toBe(1);
  await expect(revocations.record(token('c'))).rejects.toMatchObject({ code: 'database_late' });
});
