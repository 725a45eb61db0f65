import type { INestApplicationContext } from '@nestjs/common';
import type { RevocationFollower } from '@partner-ecosystem/mtls-binding';
import { registerGauges } from '@partner-ecosystem/platform/health';
import type { TrustedFetch } from '@partner-ecosystem/platform/trusted-fetch';
import { ISSUER_FETCH, REVOCATIONS } from './issuer.module.js';

type Registry = Parameters<typeof registerGauges>[0];

/** How old and how far the followed revocations are, and how long the own client certificate still lives. */
export function issuerMetrics(registry: Registry, app: INestApplicationContext): void {
  const revocations = app.get<RevocationFollower>(REVOCATIONS, { strict: false });
  const issuerFetch = app.get<TrustedFetch>(ISSUER_FETCH, { strict: false });
  registerGauges(registry, [...revocations.gauges(), ...issuerFetch.gauges()]);
}
