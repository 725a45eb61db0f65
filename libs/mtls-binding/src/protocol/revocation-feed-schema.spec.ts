import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { CompactSign, createLocalJWKSet, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  FEED_TYPE,
  readFeed,
  signFeed,
  type FeedRules,
  type FeedSigningKey,
  type FeedStatement,
  type RevocationEntry,
  type RevocationKind,
  type RevocationSubject,
} from './revocation-feed.js';

const SCHEMA = join(import.meta.dirname, '../../../../docs/revocation-feed.schema.json');
const issuer = 'https://issuer.test';
const now = new Date('2026-06-01T12:00:00.750Z');
const iat = now.getTime() / 1000;

const SUBJECTS: Record<RevocationKind, RevocationSubject> = {
  partner: { partner_id: 'ptn_1' },
  client: { client_id: 'cli_1' },
  certificate: { thumbprint: 't' },
  grant: { client_id: 'cli_1', audience: 'https://api.test', scope: 'a' },
  jti: { jti: 'j' },
  key: { kid: 'k1' },
  all: {},
};
const KINDS = Object.keys(SUBJECTS) as RevocationKind[];

let key: FeedSigningKey;
let rules: FeedRules;
let fitsSchema: ValidateFunction;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  key = { alg: 'ES256', kid: 'f1', privateKey: pair.privateKey };
  rules = {
    issuer,
    keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'f1', alg: 'ES256' }] }),
  };
  fitsSchema = new Ajv2020({ allErrors: true, strictTypes: false }).compile(
    JSON.parse(readFileSync(SCHEMA, 'utf8')) as object,
  );
});

function statement(claims: Partial<FeedStatement> = {}): FeedStatement {
  return { iss: issuer, iat, exp: iat + 30, epoch: 'e1', seq: 9, since: 0, max_age: 30, entries: [], ...claims };
}

function entry(kind: RevocationKind, mode: 'off' | 'cutoff'): RevocationEntry {
  const cutoff = mode === 'cutoff' ? { issued_before: iat + 2 } : {};
  return { seq: 3, kind, subject: SUBJECTS[kind], mode, recorded_at: iat, ...cutoff, expires_at: iat + 900 };
}

describe('R2: docs/revocation-feed.schema.json', () => {
  it('fits what is really signed: nothing new', async () => {
    const claims = decodeJwt(await signFeed(statement({ seq: 0 }), key));
    expect(fitsSchema(claims), JSON.stringify(fitsSchema.errors)).toBe(true);
  });

  it.each(KINDS)('fits what is really signed: entries about a %s', async (kind) => {
    for (const mode of ['off', 'cutoff'] as const) {
      const claims = decodeJwt(await signFeed(statement({ entries: [entry(kind, mode)] }), key));
      expect(fitsSchema(claims), JSON.stringify(fitsSchema.errors)).toBe(true);
    }
  });

  const members = ['iss', 'iat', 'exp', 'epoch', 'seq', 'since', 'max_age', 'entries'];
  const entryMembers = ['seq', 'kind', 'subject', 'mode', 'recorded_at', 'expires_at'];
  const base = entry('client', 'off');
  const wrong: [string, object][] = [
    ...members.map((member): [string, object] => [`no ${member}`, { [member]: undefined }]),
    ...members.map((member): [string, object] => [`${member} of another type`, { [member]: true }]),
    ...['iat', 'exp', 'seq', 'since', 'max_age'].map((name): [string, object] => [
      `${name} below zero`,
      { [name]: -1 },
    ]),
    ['an empty epoch', { epoch: '' }],
    ['an epoch with a space', { epoch: 'a b' }],
    ['half a seq', { seq: 8.5 }],
    ['a seq too great to count on', { seq: 2 ** 53 }],
    ['a max_age of nothing', { max_age: 0, exp: iat }],
    ['a max_age of an hour', { max_age: 3600, exp: iat + 3600 }],
    ...entryMembers.map((name): [string, object] => [
      `an entry without ${name}`,
      { entries: [{ ...base, [name]: undefined }] },
    ]),
    ...entryMembers.map((name): [string, object] => [
      `an entry whose ${name} is true`,
      { entries: [{ ...base, [name]: true }] },
    ]),
    ['an entry that is null', { entries: [null] }],
    ['an entry with number 0', { entries: [{ ...base, seq: 0 }] }],
    ['an entry of an unknown kind', { entries: [{ ...base, kind: 'tenant' }] }],
    ['an entry of an unknown mode', { entries: [{ ...base, mode: 'on' }] }],
    ['an entry with an unknown member', { entries: [{ ...base, unless: 'it rains' }] }],
    ['an entry off with issued_before', { entries: [{ ...base, issued_before: iat }] }],
    ['a cutoff without issued_before', { entries: [{ ...base, mode: 'cutoff' }] }],
    ['a cutoff at minus one', { entries: [{ ...base, mode: 'cutoff', issued_before: -1 }] }],
    ['an entry about an empty name', { entries: [{ ...base, subject: { client_id: '' } }] }],
    ['an entry about a number', { entries: [{ ...base, subject: { client_id: 1 } }] }],
    ...KINDS.flatMap((kind) =>
      KINDS.filter((other) => other !== kind).map((other): [string, object] => {
        return [
          `a ${kind} entry with the subject of ${other}`,
          { entries: [{ ...base, kind, subject: SUBJECTS[other] }] },
        ];
      }),
    ),
    ...KINDS.map((kind): [string, object] => {
      return [
        `a ${kind} entry that says more`,
        { entries: [{ ...base, kind, subject: { ...SUBJECTS[kind], more: 'x' } }] },
      ];
    }),
  ];

  it.each(wrong)('and readFeed refuse alike: %s', async (_, claims) => {
    const text = JSON.stringify({ ...statement(), ...claims });
    const header = { alg: 'ES256', kid: 'f1', typ: FEED_TYPE };
    const jws = await new CompactSign(Buffer.from(text)).setProtectedHeader(header).sign(key.privateKey);
    expect(fitsSchema(JSON.parse(text))).toBe(false);
    await expect(readFeed(jws, rules, now)).rejects.toMatchObject({ name: 'FeedRefusedError' });
  });
});
