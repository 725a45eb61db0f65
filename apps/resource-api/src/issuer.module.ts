import { Inject, Module, type DynamicModule, type FactoryProvider, type OnModuleDestroy } from '@nestjs/common';
import {
  followRevocations,
  remoteKeys,
  type FollowerEvent,
  type RemoteKeys,
  type RevocationFollower,
} from '@partner-ecosystem/mtls-binding';
import { trustedFetch, type TrustedFetch } from '@partner-ecosystem/platform/trusted-fetch';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import type { BindingConfig } from './configuration/config.js';

/** How the API reaches its issuer: with its own client certificate. */
export const ISSUER_FETCH = Symbol('ISSUER_FETCH');
/** The issuer's `RemoteKeys`: the guard verifies with them, and the API is ready once they are held. */
export const ISSUER_KEYS = Symbol('ISSUER_KEYS');
/** The `RevocationFollower`: the guard asks it on every request, and the API is ready while it is fresh. */
export const REVOCATIONS = Symbol('REVOCATIONS');

/** Longer than the issuer lets a long poll wait. */
const TIMEOUT_MS = 10_000;

/** What the API knows of its issuer: the keys that sign its tokens, and which tokens were revoked since. */
@Module({})
export class IssuerModule implements OnModuleDestroy {
  constructor(@Inject(ISSUER_FETCH) private readonly issuerFetch: TrustedFetch) {}

  static forConfig(config: BindingConfig, logger: Logger): DynamicModule {
    const providers = [fetchOf(config, logger), keysOf(config), revocationsOf(config, logger)];
    return { module: IssuerModule, providers, exports: providers.map(({ provide }) => provide) };
  }

  // `MtlsBindingModule` starts the follower, and has stopped it by now.
  async onModuleDestroy(): Promise<void> {
    await this.issuerFetch.close();
  }
}

function fetchOf({ issuerCa: ca, clientCertificate }: BindingConfig, logger: Logger): FactoryProvider<TrustedFetch> {
  const options = { ca, timeoutMs: TIMEOUT_MS, clientCertificate: { ...clientCertificate, logger } };
  return { provide: ISSUER_FETCH, useFactory: () => trustedFetch(options) };
}

function keysOf({ jwksUri }: BindingConfig): FactoryProvider<RemoteKeys> {
  const useFactory = (issuerFetch: TrustedFetch) => remoteKeys({ jwksUri, fetch: issuerFetch });
  return { provide: ISSUER_KEYS, inject: [ISSUER_FETCH], useFactory };
}

function revocationsOf({ issuer, clientId }: BindingConfig, logger: Logger): FactoryProvider<RevocationFollower> {
  const report = (event: FollowerEvent): void => logEvent(event, logger);
  const useFactory = (issuerFetch: TrustedFetch) => followRevocations({ issuer, clientId, fetch: issuerFetch, report });
  return { provide: REVOCATIONS, inject: [ISSUER_FETCH], useFactory };
}

function logEvent({ kind: event, ...what }: FollowerEvent, logger: Logger): void {
  if ('error' in what)
    logger.warn({ event, err: errorFields(what.error, { stack: false }) }, 'revocations not heard of');
  else logger.info({ event, ...what }, 'revocations followed');
}
