import { askIssuer } from './ask-issuer.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';

export interface FeedAccessOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly fetch: typeof fetch;
}

const SCOPE = 'revocations:read';
const TIMEOUT_MS = 5_000;
const LIMIT = 64 * 1024;
/** A token is asked for anew this long before it expires, or a quarter of its life if that is shorter. */
const MARGIN_MS = 30_000;

/** The access token that opens the feed: bound to this API's own certificate, kept until shortly before it expires. */
export class FeedAccess {
  #token: string | undefined;
  #renewAt = 0;

  constructor(private readonly options: FeedAccessOptions) {}

  /** @throws IssuerUnreachableError */
  async token(endpoint: string, signal: AbortSignal): Promise<string> {
    if (this.#token !== undefined && performance.now() < this.#renewAt) return this.#token;
    const asked = performance.now();
    const { token, lifetimeMs } = tokenFrom(await this.#ask(endpoint, signal));
    this.#renewAt = asked + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 4);
    this.#token = token;
    return token;
  }

  /** It was refused: the next one is asked for. */
  forget(): void {
    this.#token = undefined;
  }

  #ask(url: string, signal: AbortSignal): Promise<string> {
    const { clientId, issuer, fetch } = this.options;
    const form = { grant_type: 'client_credentials', client_id: clientId, resource: issuer, scope: SCOPE };
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    return askIssuer({
      url,
      fetch,
      signal,
      mediaTypes: ['application/json'],
      timeoutMs: TIMEOUT_MS,
      limit: LIMIT,
      init: { method: 'POST', headers, body: new URLSearchParams(form).toString() },
      refusal: 'token_refused',
    });
  }
}

function tokenFrom(text: string): { token: string; lifetimeMs: number } {
  const { access_token: token, token_type: type, expires_in: lifetime } = answerFrom(text);
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer';
  if (!isBearer || typeof token !== 'string' || typeof lifetime !== 'number' || !(lifetime > 0)) {
    throw new IssuerUnreachableError('token_malformed', 'the answer of the token endpoint holds no bearer token');
  }
  return { token, lifetimeMs: lifetime * 1_000 };
}

function answerFrom(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    // Without the cause: it quotes the text, which may hold a token.
    throw new IssuerUnreachableError('token_malformed', 'the answer of the token endpoint is no JSON');
  }
}
