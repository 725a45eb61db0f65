import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from './answer-json.js';
import { FeedAnswers } from './feed-answers.js';
import { answerFeed } from './feed-route.js';
import type { IssuerParts } from './issuer-parts.js';
import { TestFeed } from './test-feed.js';
import type { ReceivedRequest, TestIssuer, TestIssuerOptions } from './test-issuer.js';
import { createTestKey } from './test-key.js';
import { TestListener, type Answer } from './test-listener.js';
import { TestTokens } from './test-tokens.js';
import { answerTokenRequest } from './token-route.js';

type Route = (parts: IssuerParts, request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /.well-known/oauth-authorization-server': ({ issuer }, _, response) =>
    answerJson(response, 200, metadata(issuer)),
  'GET /.well-known/revocation-feed': ({ issuer }, _, response) => answerJson(response, 200, feedMetadata(issuer)),
  'GET /jwks': ({ tokens }, _, response) => answerJson(response, 200, tokens.jwks),
  'GET /revocations/jwks': ({ answers }, _, response) => answers.answerKeys(response),
  'GET /revocations': answerFeed,
  'POST /token': answerTokenRequest,
};

/** Starts a `TestIssuer` on a free port of 127.0.0.1. End it with `stop()`. */
export async function startTestIssuer(options: TestIssuerOptions): Promise<TestIssuer> {
  const listener = new TestListener(options.server);
  const issuer = `https://localhost:${await listener.listen()}`;
  const [tokenKey, feedKey, strangeKey] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
  const settings = { maxAge: options.maxAge ?? 30, tokenLifetime: options.tokenLifetime ?? 300 };
  const feed = new TestFeed(issuer);
  const tokens = new TestTokens(issuer, tokenKey);
  const answers = new FeedAnswers(feedKey, { ...strangeKey, kid: feedKey.kid }, tokens);
  const parts = { issuer, settings, tokens, feed, answers };
  const requests: ReceivedRequest[] = [];
  listener.answerWith(route(parts, requests));
  return testIssuerOf(parts, listener, options.ca, requests);
}

function testIssuerOf(
  { issuer, settings, tokens, feed, answers }: IssuerParts,
  listener: TestListener,
  ca: string,
  requests: readonly ReceivedRequest[],
): TestIssuer {
  return {
    issuer,
    ca,
    settings,
    requests,
    jwksUri: `${issuer}/jwks`,
    get keyId() {
      return tokens.signer.kid;
    },
    get position() {
      return feed.position;
    },
    mint: (grant) => tokens.mint(grant),
    rotateKey: () => tokens.rotate(),
    forgetTokens: () => tokens.forget(),
    revoke: (revocation) => feed.revoke(revocation),
    lowerSeq: (by = 1) => feed.lowerSeq(by),
    beginEpoch: () => feed.beginEpoch(),
    feedFault: (fault) => {
      answers.fault = fault;
      feed.wake();
    },
    stopAnswering: async () => listener.leave(),
    answerAgain: async () => listener.comeBack(),
    stop: async () => {
      feed.wake();
      await listener.close();
    },
  };
}

function route(parts: IssuerParts, requests: ReceivedRequest[]): Answer {
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, parts.issuer);
    const query = Object.fromEntries(searchParams);
    const at = performance.now();
    const received: ReceivedRequest = { method: request.method!, path: pathname, query, at, status: undefined };
    requests.push(received);
    response.once('finish', () => (received.status = response.statusCode));
    const answer = ROUTES[`${request.method} ${pathname}`];
    if (answer) await answer(parts, request, response);
    else answerJson(response, 404, { error: 'not_found' });
  };
}

// On one listener, and still published as a pair: the follower must take the endpoint from the aliases. // T5
function metadata(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}/token-without-mtls`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['tls_client_auth'],
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: { token_endpoint: `${issuer}/token` },
  };
}

function feedMetadata(issuer: string) {
  return {
    issuer,
    revocations_endpoint: `${issuer}/revocations`,
    revocations_jwks_uri: `${issuer}/revocations/jwks`,
  };
}
