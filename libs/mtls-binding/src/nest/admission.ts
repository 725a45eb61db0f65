import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { assertAdmissible, type PlainTokens } from '../admission/assert-admissible.js';
import { verifyAccessToken, type VerifiedToken } from '../protocol/bound-token.js';
import { assertPresented } from '../protocol/confirmation.js';
import { assertScopes } from '../protocol/scope.js';
import { introspectToken } from '../introspection/introspect-token.js';
import { VerifiedTokens } from '../verified-tokens/verified-tokens.js';
import { credentialsOf } from './credentials-of.js';
import { evidenceFor } from './evidence-for.js';
import { MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import type { AdmissionRequest } from './admission-request.js';
import { ReportOnly } from './report-only.js';

const DEFAULT_MAX_VERIFIED = 10_000;
/** What the issuer said of an opaque token is asked again after this time: nothing tells of its end but asking. */
const TRUSTED_ANSWER_MS = 5_000;

/**
 * Who is let in. A token that was verified before and one that was not are held to the same things in the same order; only
 * the signature check is spared. The order is that of R9: only what would otherwise pass hears that it cannot be judged now.
 */
@Injectable()
export class Admission {
  readonly #verified: VerifiedTokens;
  readonly #plainTokens: PlainTokens;

  constructor(@Inject(MTLS_BINDING_OPTIONS) private readonly options: MtlsBindingOptions) {
    this.#plainTokens = options.mode instanceof ReportOnly ? 'let_through' : 'refused';
    this.#verified = new VerifiedTokens(options.verifiedTokens?.max ?? DEFAULT_MAX_VERIFIED);
  }

  /** @throws RefusedError */
  admissionRequestOf(message: IncomingMessage, requiredScopes: readonly string[]): AdmissionRequest {
    const { certificateSource } = this.options;
    const evidence = evidenceFor(message, certificateSource); // first: it refuses whatever else was sent
    return { credentials: credentialsOf(message, certificateSource), evidence, requiredScopes };
  }

  /**
   * @returns undefined when the token was not seen before: it is to be verified
   * @throws RefusedError
   */
  admitKnown(asked: AdmissionRequest): VerifiedToken | undefined {
    const now = new Date();
    const token = this.#verified.find(asked.credentials, this.options.revocations.generation, now);
    if (!token) return undefined;
    this.demand(token, asked, now);
    return this.admitted(token, now);
  }

  /** @throws RefusedError, and nothing is remembered then */
  async admitUnseen(asked: AdmissionRequest): Promise<VerifiedToken> {
    const { credentials } = asked;
    const { generation } = this.options.revocations;
    const demand = (claimed: VerifiedToken): void => this.demand(claimed, asked, new Date());
    const { token, until } = await this.judged(asked, demand);
    const now = new Date(); // keys may have taken seconds to come
    this.admitted(token, now);
    this.#verified.remember(credentials, token, generation, now, until);
    return token;
  }

  private async judged(
    { credentials, evidence }: AdmissionRequest,
    demand: (claimed: VerifiedToken) => void,
  ): Promise<{ token: VerifiedToken; until?: Date }> {
    const { issuer, audience, keys, introspection, mode } = this.options;
    if (keys) return { token: await verifyAccessToken(credentials, { issuer, audience, keys }, new Date(), demand) };
    if (!introspection) throw new TypeError('neither keys nor introspection: the module refuses to start so');
    // Without a certificate no token passes: the issuer need not be asked, however many strangers come.
    if (!(mode instanceof ReportOnly)) assertPresented(evidence?.thumbprint);
    const until = new Date(Date.now() + TRUSTED_ANSWER_MS);
    const token = await introspectToken(credentials, { ...this.options, introspection }, () => new Date());
    demand(token);
    return { token, until };
  }

  private demand(token: VerifiedToken, { evidence, requiredScopes }: AdmissionRequest, now: Date): void {
    assertAdmissible(token, evidence?.thumbprint, this.options.revocations, now, this.#plainTokens);
    assertScopes(token, requiredScopes);
  }

  private admitted(token: VerifiedToken, now: Date): VerifiedToken {
    this.options.revocations.assertFresh(now);
    if (this.options.mode instanceof ReportOnly && !token.confirmation) this.options.mode.note(token);
    return token;
  }
}
