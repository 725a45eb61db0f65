import type { Agent as HttpsAgent } from 'node:https';
import { Controller, Get, Module, Req, UseGuards, type DynamicModule, type INestApplication } from '@nestjs/common';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { Agent, fetch as undiciFetch } from 'undici';
import {
  AccessToken,
  AnyScope,
  ClientCertificate,
  ClientCertificateGuard,
  confirmationOf,
  MtlsBindingModule,
  Public,
  remoteKeys,
  RequireScope,
  RevocationState,
  tlsSocket,
  type CertificateEvidence,
  type MtlsBindingOptions,
  type VerifiedToken,
} from '../index.js';
import {
  readFeed,
  signFeed,
  type FeedRules,
  type FeedSigningKey,
  type RevocationEntry,
} from '../protocol/revocation-feed.js';
import { call, createApp, portOf, type AdapterName, type Answer } from './guarded-app.testing.js';
import { startJwksServer, type JwksServer } from '../protocol/jwks-server.testing.js';

@Controller()
export class Probe {
  @Get('open') @Public() open() {
    return { open: true };
  }
  @Get('closed') @AnyScope() closed(
    @AccessToken() token: VerifiedToken,
    @ClientCertificate() evidence: CertificateEvidence,
  ) {
    return { partner: token.partnerId, client: token.clientId, thumbprint: evidence.thumbprint };
  }
  @Get('token') @AnyScope() token(@AccessToken() token: VerifiedToken) {
    return { client: token.clientId, bound: token.confirmation !== undefined };
  }
  @Get('user') @AnyScope() user(@Req() request: { user?: VerifiedToken }) {
    return { client: request.user?.clientId };
  }
  @Get('scoped') @RequireScope('things:read', 'things:list') scoped() {
    return { scoped: true };
  }
  @Get('certificate-only') @Public() @UseGuards(ClientCertificateGuard) certificateOnly(
    @ClientCertificate() evidence: CertificateEvidence,
  ) {
    return { thumbprint: evidence.thumbprint };
  }
}

@Module({})
export class ProbeModule {
  static with(binding: MtlsBindingOptions): DynamicModule {
    return {
      module: ProbeModule,
      imports: [MtlsBindingModule.forRootAsync({ useFactory: () => binding })],
      controllers: [Probe],
    };
  }
}

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'https://api.test';
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** What is signed besides the claims: by default the issuer's key and header. */
export interface Made {
  header?: Record<string, unknown>;
  key?: CryptoKey | Uint8Array;
}

/** Guarded apps of one issuer, two partners with certificates, and everything to forge with. */
export class GuardStage {
  readonly #apps: INestApplication[] = [];
  readonly nothingRevoked = new RevocationState();

  private constructor(
    readonly authority: Authority,
    readonly server: Issued,
    readonly alice: Issued,
    readonly mallory: Issued,
    private readonly secrets: {
      signingKey: CryptoKey;
      jwks: JwksServer;
      feedKey: FeedSigningKey;
      feedRules: FeedRules;
    },
  ) {}

  static async create(): Promise<GuardStage> {
    const authority = await createAuthority({ name: 'Test CA' });
    const server = await authority.issueServer({ names: ['localhost', '127.0.0.1'] });
    const alice = await authority.issueClient({ subject: 'CN=alice' });
    const mallory = await authority.issueClient({ subject: 'CN=mallory' });
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwks = await startJwksServer(server, [
      { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' },
    ]);
    const feedPair = await generateKeyPair('ES256');
    const feedKey: FeedSigningKey = { alg: 'ES256', kid: 'f1', privateKey: feedPair.privateKey };
    const feedJwk = { ...(await exportJWK(feedPair.publicKey)), kid: 'f1', alg: 'ES256', use: 'sig' };
    const feedRules = { issuer: ISSUER, keys: createLocalJWKSet({ keys: [feedJwk] }) };
    const secrets = { signingKey: pair.privateKey, jwks, feedKey, feedRules };
    const stage = new GuardStage(authority, server, alice, mallory, secrets);
    await stage.say(stage.nothingRevoked, []);
    return stage;
  }

  get jwks(): JwksServer {
    return this.secrets.jwks;
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()));
    await this.secrets.jwks.close();
  }

  /** The issuer's word, signed and read as a follower would. */
  async say(
    state: RevocationState,
    revoked: (Pick<RevocationEntry, 'kind' | 'subject'> & Partial<RevocationEntry>)[],
    { ageSeconds = 0, maxAge = 300 } = {},
  ): Promise<void> {
    const at = new Date(Date.now() - ageSeconds * 1000);
    const iat = at.getTime() / 1000;
    const rest = { mode: 'off', recorded_at: iat, expires_at: iat + 900 } as const;
    const entries = revoked.map((one, index) => ({ ...one, ...rest, seq: index + 1 }));
    const about = { epoch: 'e1', seq: entries.length, since: 0, max_age: maxAge };
    const jws = await signFeed({ iss: ISSUER, iat, exp: iat + maxAge, ...about, entries }, this.secrets.feedKey);
    state.apply(await readFeed(jws, this.secrets.feedRules, at));
  }

  /** A fetch that trusts the stage's authority. */
  get fetch(): typeof fetch {
    const dispatcher = new Agent({ connect: { ca: this.authority.certificatePem } });
    return ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;
  }

  options(extra: Partial<MtlsBindingOptions> = {}): MtlsBindingOptions & { keys: JWTVerifyGetKey } {
    const keys = remoteKeys({ jwksUri: this.jwks.uri, fetch: this.fetch });
    return {
      issuer: ISSUER,
      audience: AUDIENCE,
      keys,
      certificateSource: tlsSocket(),
      revocations: this.nothingRevoked,
      ...extra,
    };
  }

  async start(
    binding: MtlsBindingOptions,
    on: AdapterName,
    prepare: (app: INestApplication) => void = () => undefined,
  ): Promise<number> {
    const app = await createApp(ProbeModule.with(binding), on, this.server);
    this.#apps.push(app);
    prepare(app);
    return portOf(app);
  }

  get(
    port: number,
    path: string,
    as?: Issued,
    headers: Record<string, string | string[]> = {},
    agent: HttpsAgent | false = false,
  ): Promise<Answer> {
    return call({ port, path, ca: this.authority.certificatePem, as, headers, agent });
  }

  claimsFor(holder: Issued, claims: JWTPayload = {}): JWTPayload {
    const iat = Math.floor(Date.now() / 1000);
    return {
      iss: ISSUER,
      aud: AUDIENCE,
      jti: 'j',
      iat,
      exp: iat + 300,
      client_id: 'cli_1',
      partner_id: 'ptn_1',
      scope: 'things:read',
      cnf: confirmationOf(holder.thumbprint),
      ...claims,
    };
  }

  tokenFor(holder: Issued, claims: JWTPayload = {}, { header = {}, key = this.secrets.signingKey }: Made = {}) {
    return new SignJWT(this.claimsFor(holder, claims))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
      .sign(key);
  }

  get signingKey(): CryptoKey {
    return this.secrets.signingKey;
  }
}
