import type { IncomingMessage, ServerResponse } from 'node:http';
import { tlsSocket } from '../certificate-source/tls-socket.js';
import { bearerTokenFrom } from '../protocol/authorization-header.js';
import { verifyBoundToken } from '../protocol/bound-token.js';
import { challengeFor } from '../protocol/challenge.js';
import { assertBound } from '../protocol/confirmation.js';
import { RefusedError } from '../protocol/errors.js';
import { assertScopes } from '../protocol/scope.js';
import { answerJson } from './answer-json.js';
import type { IssuerParts } from './issuer-parts.js';

const LONGEST_WAIT_SECONDS = 5;

const source = tlsSocket();

/** `GET /revocations`: guarded, then answered at once if there is something new, else when there is or `wait` is over. */
export async function answerFeed(
  parts: IssuerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await assertMayRead(parts, request);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const challenge = challengeFor(error, undefined);
    if (challenge) response.setHeader('www-authenticate', challenge);
    return answerJson(response, error.status, { code: error.code });
  }
  const query = new URL(request.url!, parts.issuer).searchParams;
  const asked = { epoch: query.get('epoch') ?? undefined, since: Number(query.get('since') ?? 0) };
  const waitMs = Math.min(Number(query.get('wait') ?? 0), LONGEST_WAIT_SECONDS) * 1_000;
  const { position } = parts.feed;
  if (parts.answers.fault === 'none' && asked.epoch === position.epoch && asked.since === position.seq) {
    await parts.feed.change(waitMs);
  }
  await parts.answers.answer(parts.feed.statement(asked, parts.settings.maxAge), response);
}

async function assertMayRead({ tokens }: IssuerParts, request: IncomingMessage): Promise<void> {
  const token = await verifyBoundToken(bearerTokenFrom(request.rawHeaders), tokens.rules, new Date());
  assertBound(token.confirmation, source.evidenceOf(request)?.thumbprint);
  if (tokens.isForgotten(token.jti)) {
    throw new RefusedError('invalid_token', 'token_revoked', 'the token was forgotten');
  }
  assertScopes(token, ['revocations:read']);
}
