import { StackError } from '../stack-error.js';
import type { Stack } from '../start-stack.js';
import { methodOf, type Answer, type Call, type HttpsClient, type Identity } from './https-client.js';
import { requestToken } from './request-token.js';

/** What a call may bring along besides the operator's identity. */
export type CallBody = Omit<Call, 'url' | 'identity' | 'token'>;

// renewed while it still holds for the call in hand
const MARGIN_MS = 30_000;

export interface OperatorAccess {
  urls: Pick<Stack['urls'], 'registry' | 'tokenEndpoint'>;
  clientId: string;
  identity: Identity;
}

/** The operator as a client of the admin API: a token bound to its certificate, renewed when it ends. */
export class Operator {
  private token: { value: string; renewAt: number } | undefined;

  constructor(
    readonly client: HttpsClient,
    readonly access: OperatorAccess,
  ) {}

  /** Errors: StackError `onboarding_failed` when the token is refused. */
  async signIn(): Promise<Answer> {
    const { urls, clientId, identity } = this.access;
    const request = { tokenEndpoint: urls.tokenEndpoint, clientId, identity, resource: urls.registry };
    const answer = assertStatus(await requestToken(this.client, request), 200);
    const lifetimeMs = Number(answer.body['expires_in']) * 1000;
    this.token = { value: textIn(answer, 'access_token'), renewAt: Date.now() + lifetimeMs - MARGIN_MS };
    return answer;
  }

  async accessToken(): Promise<string> {
    if (this.token === undefined || this.token.renewAt < Date.now()) await this.signIn();
    return this.token!.value;
  }

  /** A call to the admin API, e.g. `/v1/partners`. Errors: StackError `onboarding_failed` unless the status is `expected`. */
  async call(path: string, body: CallBody, expected: number): Promise<Answer> {
    return assertStatus(await this.send(path, body), expected);
  }

  /** The same without an opinion on the answer; by another replica of the registry if told so. */
  async send(path: string, body: CallBody = {}, registry = this.access.urls.registry): Promise<Answer> {
    const { identity } = this.access;
    const url = `${registry}${path}`;
    const answer = await this.client.send({ url, identity, token: await this.accessToken(), ...body });
    // A token may be revoked before it expires: a client that may go on asks for another one.
    if (answer.status !== 401 || !(await this.renewed())) return answer;
    return this.client.send({ url, identity, token: await this.accessToken(), ...body });
  }

  private async renewed(): Promise<boolean> {
    return this.signIn().then(
      () => true,
      () => false,
    );
  }
}

/** A field that must be there as text. */
export function textIn(answer: Answer, field: string): string {
  const value = answer.body[field];
  if (typeof value === 'string' && value !== '') return value;
  throw unexpected(answer, `the answer has no "${field}"`);
}

function assertStatus(answer: Answer, expected: number): Answer {
  if (answer.status === expected) return answer;
  throw unexpected(answer, `expected ${expected}, got ${answer.status}`);
}

function unexpected(answer: Answer, what: string): StackError {
  const { call, text } = answer;
  return new StackError('onboarding_failed', `${methodOf(call)} ${call.url}: ${what}: ${text.slice(0, 1000)}`);
}
