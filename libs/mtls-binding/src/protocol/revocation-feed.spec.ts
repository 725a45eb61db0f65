import {
  CompactSign,
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type CryptoKey,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { FeedRefusedError } from './feed-refused-error.js';
import {
  FEED_TYPE,
  readFeed,
  signFeed,
  subjectKey,
  type FeedRules,
  type FeedSigningKey,
  type FeedStatement,
  type RevocationEntry,
} from './revocation-feed.js';

const issuer = 'https://issuer.test';
const now = new Date('2026-06-01T12:00:00.750Z');
const seconds = now.getTime() / 1000;

const off: RevocationEntry = {
  seq: 7,
  kind: 'client',
  subject: { client_id: 'cli_1' },
  mode: 'off',
  recorded_at: seconds - 1.5,
  expires_at: seconds + 900,
};
const cutoff: RevocationEntry = {
  seq: 8,
  kind: 'grant',
  subject: { client_id: 'cli_1', audience: 'https://api.test', scope: 'a' },
  mode: 'cutoff',
  recorded_at: seconds - 1,
  issued_before: seconds + 1,
  expires_at: seconds + 900,
};
const statement: FeedStatement = {
  iss: issuer,
  iat: seconds - 0.25,
  exp: seconds - 0.25 + 30,
  epoch: 'e1',
  seq: 9,
  since: 5,
  max_age: 30,
  entries: [off, cutoff],
};

let feedKey: FeedSigningKey;
let accessTokenKey: CryptoKey;
let rules: FeedRules;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  feedKey = { alg: 'ES256', kid: 'f1', privateKey: pair.privateKey };
  accessTokenKey = (await generateKeyPair('ES256')).privateKey;
  const key = { ...(await exportJWK(pair.publicKey)), kid: 'f1', alg: 'ES256', use: 'sig' };
  rules = { issuer, keys: createLocalJWKSet({ keys: [key] }) };
});

interface Forged {
  header?: Record<string, unknown>;
  key?: CryptoKey;
}

/** Signs any text at all, which `signFeed` would not. */
function sign(text: string, { header = {}, key }: Forged = {}): Promise<string> {
  return new CompactSign(Buffer.from(text))
    .setProtectedHeader({ alg: 'ES256', kid: 'f1', typ: FEED_TYPE, ...header })
    .sign(key ?? feedKey.privateKey);
}

function signed(claims: Record<string, unknown>, forged?: Forged): Promise<string> {
  return sign(JSON.stringify({ ...statement, ...claims }), forged);
}

async function verdict(jws: string | Promise<string>, at = now, given = rules): Promise<string> {
  try {
    await readFeed(await jws, given, at);
    return 'taken';
  } catch (error) {
    if (!(error instanceof FeedRefusedError)) throw error;
    return error.code;
  }
}

describe('R2: a statement of the feed', () => {
  it('is read as it was written', async () => {
    const jws = await signFeed(statement, feedKey);
    expect(decodeProtectedHeader(jws)).toEqual({ alg: 'ES256', kid: 'f1', typ: FEED_TYPE });
    expect(await readFeed(jws, rules, now)).toEqual(statement);
  });

  it('may say nothing new, and of every kind what there is', async () => {
    const subjects = {
      partner: { partner_id: 'ptn_1' },
      client: { client_id: 'cli_1' },
      certificate: { thumbprint: 't' },
      grant: { client_id: 'cli_1', audience: 'https://api.test', scope: 'a' },
      jti: { jti: 'j' },
      key: { kid: 'k1' },
      all: {},
    };
    const entries = Object.entries(subjects).map(([kind, subject], at) => ({ ...cutoff, kind, subject, seq: at + 1 }));
    expect(await verdict(signed({ since: 0, entries }))).toBe('taken');
    expect(await verdict(signed({ since: 9, entries: [] }))).toBe('taken');
    expect(await verdict(signed({ since: 0, seq: 0, entries: [] }))).toBe('taken');
  });

  it('may say more about itself than is known here', async () => {
    expect(await readFeed(await signed({ jti: 'x', note: 1 }), rules, now)).toEqual(statement);
  });

  it('passes as application/revocation-feed+jwt, and 5 s ahead (R11)', async () => {
    expect(await verdict(signed({}, { header: { typ: `application/${FEED_TYPE}` } }))).toBe('taken');
    expect(await verdict(signed({ iat: seconds + 5, exp: seconds + 35 }))).toBe('taken');
  });

  it('A20: is refused when a key for access tokens signed it, whatever kid it names', async () => {
    expect(await verdict(signed({}, { key: accessTokenKey }))).toBe('feed_signature');
    expect(await verdict(signed({}, { key: accessTokenKey, header: { kid: 'k1' } }))).toBe('feed_signature');
  });

  it.each([
    ['an access token that the feed key signed', {}, { header: { typ: 'at+jwt' } }, 'feed_type'],
    ['no typ', {}, { header: { typ: undefined } }, 'feed_type'],
    ['another issuer', { iss: `${issuer}/` }, {}, 'feed_issuer'],
    ['no issuer', { iss: undefined }, {}, 'feed_issuer'],
    ['one that ends now', { iat: seconds - 30, exp: seconds }, {}, 'feed_expired'],
    ['one that ended this second', { iat: seconds - 30.125, exp: seconds - 0.125 }, {}, 'feed_expired'],
    ['one from the future', { iat: seconds + 5.125, exp: seconds + 35.125 }, {}, 'feed_from_future'],
  ] satisfies [string, Record<string, unknown>, Forged, string][])('refuses %s', async (_, claims, forged, code) => {
    expect(await verdict(signed(claims, forged))).toBe(code);
  });

  it('is refused unsigned, altered, or when it is no JWS', async () => {
    const [header, payload, signature] = (await signed({})).split('.');
    const altered = Buffer.from(JSON.stringify({ ...statement, entries: [] })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: FEED_TYPE })).toString('base64url');
    expect(await verdict(`${header}.${altered}.${signature}`)).toBe('feed_signature');
    expect(await verdict(`${none}.${payload}.`)).toBe('feed_signature');
    for (const text of ['', 'x', 'a.b.c']) expect(await verdict(text)).toBe('feed_malformed');
  });

  it('leaves it to the caller when the keys cannot be had', async () => {
    const unreachable: FeedRules = { issuer, keys: () => Promise.reject(new TypeError('fetch failed')) };
    await expect(verdict(signed({}), now, unreachable)).rejects.toThrow('fetch failed');
  });
});

const BAD_CLAIMS: [string, Record<string, unknown>][] = [
  ['no iat', { iat: undefined }],
  ['an iat in words', { iat: 'now' }],
  ['no exp', { exp: undefined }],
  ['an exp that is not iat + max_age', { exp: statement.iat + 31 }],
  ['no epoch', { epoch: undefined }],
  ['an empty epoch', { epoch: '' }],
  ['an epoch that no address can carry', { epoch: 'a b' }],
  ['no seq', { seq: undefined }],
  ['a negative seq', { seq: -1, since: 0, entries: [] }],
  ['half a seq', { seq: 8.5, entries: [] }],
  ['a seq too great to count on', { seq: 2 ** 53 }],
  ['a seq in words', { seq: '9' }],
  ['no since', { since: undefined }],
  ['a negative since', { since: -1 }],
  ['no max_age', { max_age: undefined }],
  ['a max_age of nothing', { max_age: 0, exp: statement.iat }],
  ['a negative max_age', { max_age: -30 }],
  ['a max_age of an hour', { max_age: 3600, exp: statement.iat + 3600 }],
  ['no entries', { entries: undefined }],
  ['entries that are no list', { entries: { 0: off } }],
  ['an entry that is no object', { entries: [null] }],
  ['an entry that is a list', { entries: [[]] }],
];

const BAD_ENTRIES: [string, Record<string, unknown>][] = [
  ['of an unknown kind', { kind: 'tenant' }],
  ['of a kind that every object has', { kind: 'constructor', subject: {} }],
  ['without kind', { kind: undefined }],
  ['without subject', { subject: undefined }],
  ['about another kind of subject', { subject: { partner_id: 'ptn_1' } }],
  ['about more than its kind says', { subject: { client_id: 'cli_1', audience: 'https://api.test' } }],
  ['about nobody', { subject: { client_id: '' } }],
  ['about a number', { subject: { client_id: 1 } }],
  ['about a list', { subject: ['cli_1'] }],
  ['about everybody and somebody', { kind: 'all' }],
  ['of an unknown mode', { mode: 'on' }],
  ['without mode', { mode: undefined }],
  ['that is off and a cutoff', { issued_before: seconds }],
  ['that is a cutoff of nothing', { mode: 'cutoff' }],
  ['that is a cutoff at minus one', { mode: 'cutoff', issued_before: -1 }],
  ['that is a cutoff in words', { mode: 'cutoff', issued_before: 'now' }],
  ['without number', { seq: undefined }],
  ['with half a number', { seq: 6.5 }],
  ['that was there before', { seq: 5 }],
  ['that is newer than the head', { seq: 10 }],
  ['without recorded_at', { recorded_at: undefined }],
  ['without expires_at', { expires_at: undefined }],
  ['that ends beyond time', { expires_at: 8.64e12 + 1 }],
  ['with a condition that is not understood', { unless: 'it rains' }],
];

describe('R2: a malformed statement', () => {
  it.each(BAD_CLAIMS)('is refused with %s', async (_, claims) => {
    expect(await verdict(signed(claims))).toBe('feed_malformed');
  });

  it.each(BAD_ENTRIES)('is refused, all of it, with an entry %s', async (_, members) => {
    expect(await verdict(signed({ entries: [cutoff, { ...off, ...members }] }))).toBe('feed_malformed');
  });

  it('is refused with two entries about one subject, however it is spelled', async () => {
    const { scope, audience, client_id } = cutoff.subject;
    const again = { ...cutoff, seq: 6, subject: { scope, audience, client_id } };
    expect(await verdict(signed({ entries: [cutoff, again] }))).toBe('feed_malformed');
  });

  it.each(['iat', 'exp', 'seq', 'since', 'max_age', 'recorded_at', 'expires_at', 'issued_before'])(
    'is refused when %s is infinite or no number',
    async (member) => {
      const text = JSON.stringify(statement);
      const spelled = new RegExp(`"${member}":[^,}]+`);
      expect(await verdict(sign(text.replace(spelled, `"${member}":1e999`)))).toBe('feed_malformed');
      expect(await verdict(sign(text.replace(spelled, `"${member}":NaN`)))).toBe('feed_malformed');
    },
  );

  it('is not signed in the first place', async () => {
    for (const [, claims] of BAD_CLAIMS) {
      await expect(signFeed({ ...statement, ...claims } as FeedStatement, feedKey)).rejects.toThrow(TypeError);
    }
    for (const [, members] of BAD_ENTRIES) {
      const entries = [{ ...off, ...members } as RevocationEntry];
      await expect(signFeed({ ...statement, entries }, feedKey)).rejects.toThrow(TypeError);
    }
    await expect(signFeed({ ...statement, iat: Number.NaN }, feedKey)).rejects.toThrow(TypeError);
  });
});

describe('subjectKey', () => {
  it('R2: tells subjects apart that only look alike', () => {
    const grant = (client_id: string, audience: string, scope: string) =>
      subjectKey('grant', { client_id, audience, scope });
    expect(subjectKey('client', { client_id: 'x' })).not.toBe(subjectKey('jti', { jti: 'x' }));
    expect(grant('a', 'b', 'c')).not.toBe(grant('a', 'b","c', ''));
    expect(grant('a', 'b', 'c')).not.toBe(grant('b', 'a', 'c'));
    expect(grant('a', 'b', 'c')).toBe(subjectKey('grant', { scope: 'c', audience: 'b', client_id: 'a' }));
  });
});
