import type { ServerResponse } from 'node:http';
import { FEED_MEDIA_TYPE, signFeed, type FeedStatement } from '../protocol/revocation-feed.js';
import { answerJson } from './answer-json.js';
import type { FeedFault } from './feed-fault.js';
import type { TestKey } from './test-key.js';
import type { TestTokens } from './test-tokens.js';

const OUTDATED_BY_SECONDS = 0.1;
const OUTDATED_MAX_AGE_SECONDS = 300;

/** Answers requests for the feed, rightly or as the fault of the moment demands. */
export class FeedAnswers {
  fault: FeedFault | 'none' = 'none';
  #last: { statement: FeedStatement; jws: string } | undefined;

  constructor(
    private readonly feedKey: TestKey,
    /** another key under the same `kid` */
    private readonly strangeKey: TestKey,
    private readonly tokens: TestTokens,
  ) {}

  async answer(statement: FeedStatement, response: ServerResponse): Promise<void> {
    await this.#answers[this.fault](statement, response);
  }

  answerKeys(response: ServerResponse): void {
    if (this.fault === 'keys_unavailable') response.writeHead(503).end();
    else answerJson(response, 200, { keys: [this.feedKey.jwk] });
  }

  async #giveRight(statement: FeedStatement, response: ServerResponse): Promise<void> {
    const jws = await signFeed(statement, this.feedKey);
    this.#last = { statement, jws };
    give(response, jws);
  }

  readonly #answers: Readonly<
    Record<FeedFault | 'none', (statement: FeedStatement, response: ServerResponse) => Promise<void> | void>
  > = {
    none: (statement, response) => this.#giveRight(statement, response),
    keys_unavailable: (statement, response) => this.#giveRight(statement, response),
    wrong_key: async (statement, response) => give(response, await signFeed(statement, this.strangeKey)),
    access_token_key: async (statement, response) => give(response, await signFeed(statement, this.tokens.signer)),
    replayed: (_, response) => give(response, this.#last?.jws ?? ''),
    outdated: async (statement, response) => {
      const iat = (this.#last?.statement.iat ?? statement.iat) - OUTDATED_BY_SECONDS;
      const maxAge = OUTDATED_MAX_AGE_SECONDS;
      give(response, await signFeed({ ...statement, iat, exp: iat + maxAge, max_age: maxAge }, this.feedKey));
    },
    gap: (statement, response) => {
      if (statement.since === 0) return this.#giveRight(statement, response);
      const beyond = statement.seq + 1;
      return this.#giveRight({ ...statement, since: beyond, seq: beyond, entries: [] }, response);
    },
    not_modified: (_, response) => void response.writeHead(304).end(),
    unavailable: (_, response) => void response.writeHead(503, { 'retry-after': '1' }).end(),
    unauthorized: (_, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end(),
    media_type: async (statement, response) =>
      give(response, await signFeed(statement, this.feedKey), 'application/json'),
    garbage: (_, response) => give(response, 'no statement'),
    oversized: (_, response) => endless(response),
    redirected: (_, response) => void response.writeHead(302, { location: '/revocations' }).end(),
    hanging: () => undefined,
    cut: (_, response) => {
      response.writeHead(200, { 'content-type': FEED_MEDIA_TYPE, 'content-length': '1000' }).write('eyJ');
      setTimeout(() => response.destroy(), 10);
    },
  };
}

function give(response: ServerResponse, jws: string, mediaType = FEED_MEDIA_TYPE): void {
  response.writeHead(200, { 'content-type': mediaType, 'cache-control': 'no-store' }).end(jws);
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': FEED_MEDIA_TYPE });
  const piece = 'e'.repeat(64 * 1024);
  const write = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', write);
  write();
}
