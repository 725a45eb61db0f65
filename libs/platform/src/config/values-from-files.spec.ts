import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, fileText, postgresUrl, readConfig } from './index.js';

let folder: string;
let databaseUrl: string;
const secret = 'postgresql://app:hunter2-hunter2@db.internal:5432/partners';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'platform-values-'));
  databaseUrl = written('database-url', `${secret}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function faultsOf(schema: z.ZodType, env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(schema, env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).faults;
  }
}

const schema = z.object({ DATABASE_URL: postgresUrl() });

describe('NAME_FILE instead of NAME', () => {
  it('gives the content of the file, without the newline at its end', () => {
    expect(readConfig(schema, { DATABASE_URL_FILE: databaseUrl })).toEqual({ DATABASE_URL: secret });
  });

  it('works for a schema that was refined, and for an optional variable', () => {
    const refined = z.object({ DATABASE_URL: postgresUrl().optional() }).superRefine(() => undefined);
    expect(readConfig(refined, { DATABASE_URL_FILE: databaseUrl })).toEqual({ DATABASE_URL: secret });
    expect(readConfig(refined, {})).toEqual({});
  });

  it('is not both: which one counts would be a guess', () => {
    expect(faultsOf(schema, { DATABASE_URL: secret, DATABASE_URL_FILE: databaseUrl })).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE are both set: expected one of them',
    ]);
  });

  it('counts as not set when it is empty', () => {
    expect(readConfig(schema, { DATABASE_URL: secret, DATABASE_URL_FILE: '' })).toEqual({ DATABASE_URL: secret });
    expect(readConfig(schema, { DATABASE_URL: '', DATABASE_URL_FILE: databaseUrl })).toEqual({ DATABASE_URL: secret });
  });

  it.each([
    ['absent', () => join(folder, 'absent'), 'there is no such file'],
    ['empty', () => written('empty', '\n'), 'it is empty'],
    ['a folder', () => folder, 'it cannot be read (EISDIR)'],
  ])('says what is wrong with a file that is %s, once', (_, path, fault) => {
    expect(faultsOf(schema, { DATABASE_URL_FILE: path() })).toEqual([
      `DATABASE_URL_FILE is not valid: expected the path of a text file with a value, but ${fault}`,
    ]);
  });

  it('has its content judged like any other value, and never printed', () => {
    const file = written('wrong', 'mysql://app:hunter2-hunter2@db/x');
    const faults = faultsOf(schema, { DATABASE_URL_FILE: file });
    expect(faults).toEqual([
      'DATABASE_URL is not valid: expected a PostgreSQL URL, postgresql://user:password@host:port/database',
    ]);
  });

  it('leaves a variable alone that is itself called NAME_FILE', () => {
    const both = z.object({ KEY: z.string().optional(), KEY_FILE: fileText() });
    const file = written('key', 'content\n');
    expect(readConfig(both, { KEY_FILE: file })).toEqual({ KEY_FILE: 'content\n' });
  });

  it('does nothing for a variable nobody asked for', () => {
    expect(readConfig(schema, { DATABASE_URL: secret, PGPASSWORD_FILE: join(folder, 'absent') })).toEqual({
      DATABASE_URL: secret,
    });
  });
});
