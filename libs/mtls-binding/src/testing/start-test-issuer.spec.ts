import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader } from 'jose';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyBoundToken } from '../protocol/bound-token.js';
import { readFeed } from '../protocol/revocation-feed.js';
import { startTestIssuer, type TestIssuer } from './index.js';

// What a stranger sees of it, without our own follower: plain requests over TLS.
let authority: Authority;
let [own, other]: (Issued | undefined)[] = [];
let issuer: TestIssuer;
const agents: Agent[] = [];

beforeAll(async () => {
  authority = await createAuthority({ name: 'Test CA' });
  own = await authority.issueClient({ subject: 'CN=own' });
  other = await authority.issueClient({ subject: 'CN=other' });
  const server = await authority.issueServer({ names: ['localhost'] });
  issuer = await startTestIssuer({ server, ca: authority.certificatePem });
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  await issuer.stop();
});

function fetchAs(certificate?: Issued) {
  const identity = certificate ? { cert: certificate.chainPem, key: certificate.privateKeyPem } : {};
  const dispatcher = new Agent({ connect: { ca: issuer.ca, ...identity } });
  agents.push(dispatcher);
  return (path: string, init: object = {}) => undiciFetch(new URL(path, issuer.issuer), { ...init, dispatcher });
}

const keysAt = (path: string) => {
  const fetchKeys = fetchAs() as unknown as typeof fetch;
  return createRemoteJWKSet(new URL(path, issuer.issuer), { [customFetch]: fetchKeys });
};

async function tokenFor(certificate: Issued | undefined, form: Record<string, string> = {}) {
  const asked = { grant_type: 'client_credentials', client_id: 'cli_1', scope: 'revocations:read', ...form };
  return fetchAs(certificate)('/token', { method: 'POST', body: new URLSearchParams(asked) });
}
const bearerFor = async (certificate: Issued) => {
  const { access_token: token } = (await (await tokenFor(certificate)).json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
};

async function statement(query = '') {
  const answer = await fetchAs(own)(`/revocations${query}`, { headers: await bearerFor(own!) });
  return readFeed(await answer.text(), { issuer: issuer.issuer, keys: keysAt('/revocations/jwks') }, new Date());
}

describe('startTestIssuer', () => {
  it('A1, T5: publishes its endpoints', async () => {
    const metadata = await (await fetchAs()('/.well-known/oauth-authorization-server')).json();
    expect(metadata).toMatchObject({
      issuer: issuer.issuer,
      jwks_uri: issuer.jwksUri,
      mtls_endpoint_aliases: { token_endpoint: `${issuer.issuer}/token` },
    });
    expect(await (await fetchAs()('/.well-known/revocation-feed')).json()).toEqual({
      issuer: issuer.issuer,
      revocations_endpoint: `${issuer.issuer}/revocations`,
      revocations_jwks_uri: `${issuer.issuer}/revocations/jwks`,
    });
  });

  it('A20: the keys of tokens and of the feed are separate, and public', async () => {
    const [tokens, feed] = await Promise.all(
      ['/jwks', '/revocations/jwks'].map(
        async (path) => ((await (await fetchAs()(path)).json()) as { keys: Record<string, string>[] }).keys,
      ),
    );
    expect(tokens!.map(({ kid }) => kid)).toEqual([issuer.keyId]);
    expect(feed!.map(({ kid }) => kid)).not.toContain(issuer.keyId);
    expect([...tokens!, ...feed!].filter((key) => 'd' in key)).toEqual([]);
  });

  it('mints tokens that a guard accepts, and any other', async () => {
    const audience = 'https://api.test';
    const rules = { issuer: issuer.issuer, audience, keys: keysAt('/jwks') };
    const token = await issuer.mint({ certificate: own!, audience, scopes: ['a', 'b'], partnerId: 'ptn_1' });
    expect(await verifyBoundToken(token, rules, new Date())).toMatchObject({
      partnerId: 'ptn_1',
      audience,
      scopes: ['a', 'b'],
      keyId: issuer.keyId,
      confirmation: { 'x5t#S256': own!.thumbprint },
    });
    const plain = await issuer.mint({ certificate: null, audience, claims: { jti: undefined, extra: 1 } });
    expect(decodeJwt(plain)).toMatchObject({ extra: 1, aud: audience });
    expect(decodeJwt(plain)).not.toHaveProperty('cnf');
    expect(decodeJwt(plain)).not.toHaveProperty('jti');
  });

  it('gives a bound token to whoever presents a certificate, and to nobody else', async () => {
    const answer = (await (await tokenFor(own, { resource: 'https://api.test' })).json()) as { access_token: string };
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'revocations:read' });
    expect(decodeJwt(answer.access_token)).toMatchObject({
      client_id: 'cli_1',
      aud: 'https://api.test',
      cnf: { 'x5t#S256': own!.thumbprint },
    });
    const refused = await tokenFor(undefined);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'OAuth-Client-Authentication error="invalid_client"', // A40
    ]);
    expect((await tokenFor(own, { grant_type: 'password' })).status).toBe(400);
  });

  it('guards its feed: certificate, scope and token', async () => {
    const headers = await bearerFor(own!);
    const scopeless = await issuer.mint({ certificate: own!, audience: issuer.issuer });
    const statuses = await Promise.all([
      fetchAs(own)('/revocations', { headers }),
      fetchAs(other)('/revocations', { headers }),
      fetchAs()('/revocations', { headers }),
      fetchAs(own)('/revocations'),
      fetchAs(own)('/revocations', { headers: { authorization: `Bearer ${scopeless}` } }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 401, 401, 401, 403]);
    for (const { headers: fields } of statuses.slice(1)) expect(fields.get('www-authenticate')).toMatch(/^Bearer/);
    issuer.forgetTokens();
    expect((await fetchAs(own)('/revocations', { headers })).status).toBe(401);
    expect((await fetchAs(own)('/revocations', { headers: await bearerFor(own!) })).status).toBe(200);
  });

  it('numbers revocations densely, one entry per subject, and gives what is new since a number', async () => {
    const { seq } = issuer.position;
    const subject = { partner_id: 'ptn_1' };
    expect(issuer.revoke({ kind: 'partner', subject })).toBe(seq + 1);
    expect(issuer.revoke({ kind: 'jti', subject: { jti: 'j' } })).toBe(seq + 2);
    expect(issuer.revoke({ kind: 'partner', subject, mode: 'cutoff' })).toBe(seq + 3);
    const all = await statement();
    expect(all).toMatchObject({ seq: seq + 3, since: 0, max_age: 30 });
    expect(all.entries.map(({ kind, mode }) => [kind, mode])).toEqual([
      ['jti', 'off'],
      ['partner', 'cutoff'],
    ]);
    const { epoch } = issuer.position;
    const news = await statement(`?epoch=${epoch}&since=${seq + 2}`);
    expect(news).toMatchObject({ since: seq + 2, entries: [{ kind: 'partner' }] });
    expect((await statement(`?epoch=another&since=${seq + 2}`)).since).toBe(0);
    expect(news.iat).toBeGreaterThan(all.iat);
  });

  it('answers a long poll when something changes, a new epoch included', async () => {
    const poll = () => statement(`?epoch=${issuer.position.epoch}&since=${issuer.position.seq}&wait=5`);
    const waiting = () =>
      vi.waitFor(() => expect(issuer.requests.at(-1)).toMatchObject({ query: { wait: '5' }, status: undefined }), {
        timeout: 240_000,
      });
    const revoked = poll();
    await waiting();
    const seq = issuer.revoke({ kind: 'all', subject: {}, mode: 'cutoff' });
    expect(await revoked).toMatchObject({ seq });
    const restored = poll();
    await waiting();
    const epoch = issuer.beginEpoch();
    expect(await restored).toMatchObject({ epoch, since: 0 });
  });

  it('goes away and comes back on the same port', async () => {
    const { epoch } = issuer.position;
    await issuer.stopAnswering();
    await expect(fetchAs(own)('/jwks')).rejects.toThrow(TypeError);
    await issuer.answerAgain();
    expect((await statement()).epoch).toBe(epoch);
  });

  it('a feed of a stranger key has the kid of the right one, and does not verify', async () => {
    issuer.feedFault('wrong_key');
    const answer = await fetchAs(own)('/revocations', { headers: await bearerFor(own!) });
    const { keys } = (await (await fetchAs()('/revocations/jwks')).json()) as { keys: [{ kid: string }] };
    expect(decodeProtectedHeader(await answer.text()).kid).toBe(keys[0].kid);
    await expect(statement()).rejects.toMatchObject({ code: 'feed_signature' });
    issuer.feedFault('none');
    await statement();
  });
});
