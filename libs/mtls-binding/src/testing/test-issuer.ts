import type { RevocationKind, RevocationSubject } from '../protocol/revocation-feed.js';
import type { FeedFault } from './feed-fault.js';

/** A certificate with its key, PEM: what a TLS listener needs. `Issued` of a test PKI is one. */
export interface ServerIdentity {
  /** the leaf, then its intermediates */
  readonly chainPem: string;
  readonly privateKeyPem: string;
}

export interface TestIssuerOptions {
  /** what the issuer proves itself with; it must be valid for `localhost` */
  readonly server: ServerIdentity;
  /** PEM of the authority that signed it; handed on as `TestIssuer.ca`, for the configuration of who calls */
  readonly ca: string;
  /** seconds that a statement of the feed may be acted on; default 30. `TestIssuer.settings` changes it later */
  readonly maxAge?: number;
  /** seconds that a token of the token endpoint lives; default 300 */
  readonly tokenLifetime?: number;
}

/** What a token says. Everything but the certificate and the audience has a default. */
export interface TestGrant {
  /** the certificate that the token gets bound to; null: a plain bearer token */
  readonly certificate: { readonly thumbprint: string } | null;
  readonly audience: string;
  /** default: none */
  readonly scopes?: readonly string[];
  /** default: `ptn_aaaa…`, a partner that nobody registered */
  readonly partnerId?: string;
  /** default: `cli_cccc…`, a client that nobody registered */
  readonly clientId?: string;
  /** default: now, in whole seconds as the real issuer writes them */
  readonly issuedAt?: Date;
  /** seconds; default 300 */
  readonly lifetime?: number;
  /** replaces any claim; undefined leaves the claim out */
  readonly claims?: Readonly<Record<string, unknown>>;
}

export interface TestRevocation {
  readonly kind: RevocationKind;
  /** see `RevocationSubject`: `{ client_id }`, `{ partner_id }`, `{ thumbprint }`, `{ client_id, audience, scope }`, `{ jti }`, `{ kid }`, `{}` */
  readonly subject: RevocationSubject;
  /** default `off`. A `cutoff` for a subject that is off reinstates it: only tokens from before stay refused */
  readonly mode?: 'off' | 'cutoff';
  /** of a cutoff; default: now */
  readonly issuedBefore?: Date;
  /** default: in an hour */
  readonly expiresAt?: Date;
}

/** One request that the issuer was sent. */
export interface ReceivedRequest {
  readonly method: string;
  /** without the query */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** when it came, as `performance.now()` of this process */
  readonly at: number;
  /** what it was answered with; undefined while it waits, and when the connection was cut */
  status: number | undefined;
}

export interface TestIssuerSettings {
  /** seconds; carried by every statement signed from now on */
  maxAge: number;
  /** seconds; of every token of the token endpoint from now on. The feed judges tokens exactly, without leeway */
  tokenLifetime: number;
}

/**
 * An authorization server for the specs of an API: real TLS on loopback, keys made at run time, nothing on disk.
 *
 * | route | |
 * |---|---|
 * | `GET /.well-known/oauth-authorization-server` | metadata (RFC 8414), mTLS endpoints under `mtls_endpoint_aliases` |
 * | `GET /.well-known/revocation-feed` | where the feed and its keys are |
 * | `GET /jwks`, `GET /revocations/jwks` | the keys of access tokens, the key of the feed |
 * | `POST /token` | a bound token for whoever presents a certificate and names a `client_id` |
 * | `GET /revocations` | the feed, guarded as the real one is; `since`, `epoch`, `wait` (long poll) |
 *
 * One listener serves all of them; it asks for a client certificate and accepts any.
 *
 * Does not check: which client owns which certificate, or which scopes it was granted. Everybody gets what they ask for.
 */
export interface TestIssuer {
  /** `https://localhost:<port>`; the same after `answerAgain()` */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly ca: string;
  /** `kid` of the key that signs access tokens at the moment */
  readonly keyId: string;
  readonly settings: TestIssuerSettings;
  /** everything it was asked, oldest first */
  readonly requests: readonly ReceivedRequest[];
  /** where the feed stands */
  readonly position: { readonly epoch: string; readonly seq: number };

  /** An access token, signed with `keyId`. */
  mint(grant: TestGrant): Promise<string>;
  /** A new key signs from now on; the old one stays in the JWKS. Returns the new `kid`. */
  rotateKey(): Promise<string>;
  /** The feed refuses every token of the token endpoint that it issued until now: 401. */
  forgetTokens(): void;

  /** Enters it into the feed, or changes the entry of this subject, and wakes every long poll. Returns its number. */
  revoke(revocation: TestRevocation): number;
  /** Takes the head this much (default 1) back without a new epoch, as a database restored from backup would. Entries above it are lost. */
  lowerSeq(by?: number): void;
  /** A new epoch with the entries there are; every follower has to take a snapshot. Wakes every long poll. Returns its name. */
  beginEpoch(): string;
  /** How `GET /revocations` misbehaves from now on; `none` ends it. Polls that wait are woken and answered that way. */
  feedFault(fault: FeedFault | 'none'): void;

  /** Cuts every connection and refuses new ones. */
  stopAnswering(): Promise<void>;
  /** Listens again, on the same port and with the same state. */
  answerAgain(): Promise<void>;
  stop(): Promise<void>;
}
