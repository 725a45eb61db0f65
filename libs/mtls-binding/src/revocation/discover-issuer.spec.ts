import { describe, expect, it } from 'vitest';
import { discoverIssuer } from './discover-issuer.js';

const issuer = 'https://issuer.test';
const METADATA = { issuer, token_endpoint: `${issuer}/token` };
const FEED = {
  issuer,
  revocations_endpoint: `${issuer}/revocations`,
  revocations_jwks_uri: `${issuer}/revocations/jwks`,
};

/** What an issuer that says this is found to be. */
function discover(metadata: unknown, as = issuer, feed: unknown = { ...FEED, issuer: as }) {
  const asked: string[] = [];
  const answering = (url: string) => {
    asked.push(url);
    const document = url.includes('/revocation-feed') ? feed : metadata;
    const body = typeof document === 'string' ? document : JSON.stringify(document);
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'application/json; charset=utf-8' } }));
  };
  const endpoints = discoverIssuer(as, answering as typeof fetch, new AbortController().signal);
  return { endpoints, asked };
}

describe('discoverIssuer', () => {
  it('A1: reads the endpoints from the well-known place', async () => {
    const { endpoints, asked } = discover(METADATA);
    expect(await endpoints).toEqual({
      token: `${issuer}/token`,
      revocations: `${issuer}/revocations`,
      revocationsJwks: `${issuer}/revocations/jwks`,
    });
    expect(asked).toEqual([
      `${issuer}/.well-known/oauth-authorization-server`,
      `${issuer}/.well-known/revocation-feed`,
    ]);
  });

  it('A1: the well-known place of an issuer with a path is before its path', async () => {
    const { endpoints, asked } = discover({ ...METADATA, issuer: `${issuer}/tenant` }, `${issuer}/tenant`);
    await endpoints;
    expect(asked).toEqual([
      `${issuer}/.well-known/oauth-authorization-server/tenant`,
      `${issuer}/.well-known/revocation-feed/tenant`,
    ]);
  });

  it('T5: prefers the endpoints behind mutual TLS', async () => {
    const alias = { token_endpoint: 'https://mtls.test/token' };
    const { endpoints } = discover({ ...METADATA, mtls_endpoint_aliases: alias });
    expect(await endpoints).toMatchObject({ token: 'https://mtls.test/token', revocations: `${issuer}/revocations` });
  });

  it.each(['https://other.test', `${issuer}/`, 'https://ISSUER.test', undefined])(
    'A1: refuses the metadata of issuer %j',
    async (other) => {
      const ofOther = { code: 'metadata_issuer' };
      await expect(discover({ ...METADATA, issuer: other }).endpoints).rejects.toMatchObject(ofOther);
      await expect(discover(METADATA, issuer, { ...FEED, issuer: other }).endpoints).rejects.toMatchObject(ofOther);
    },
  );

  it.each([
    ['token_endpoint', 'http://issuer.test/token'],
    ['revocations_endpoint', undefined],
    ['revocations_jwks_uri', 'revocations/jwks'],
    ['mtls_endpoint_aliases', { token_endpoint: 'http://mtls.test/token' }],
  ])('T4: refuses %s %j: every endpoint is an https URL', async (name, value) => {
    const ofFeed = name in FEED;
    const { endpoints } = discover(
      { ...METADATA, ...(ofFeed ? {} : { [name]: value }) },
      issuer,
      ofFeed ? { ...FEED, [name]: value } : FEED,
    );
    await expect(endpoints).rejects.toMatchObject({ code: 'metadata_malformed' });
  });

  it.each(['<html>', '', 'null', '[]', '"text"'])('refuses %j', async (text) => {
    for (const [metadata, feed] of [
      [text, FEED],
      [METADATA, text],
    ]) {
      await expect(discover(metadata, issuer, feed).endpoints).rejects.toMatchObject({
        name: 'IssuerUnreachableError',
        code: expect.stringMatching(/^metadata_/) as string,
      });
    }
  });
});
