import type { FeedAnswers } from './feed-answers.js';
import type { TestFeed } from './test-feed.js';
import type { TestIssuerSettings } from './test-issuer.js';
import type { TestTokens } from './test-tokens.js';

/** Everything a route of the test issuer needs. */
export interface IssuerParts {
  readonly issuer: string;
  readonly settings: TestIssuerSettings;
  readonly tokens: TestTokens;
  readonly feed: TestFeed;
  readonly answers: FeedAnswers;
}
