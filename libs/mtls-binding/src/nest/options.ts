import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { CertificateSource } from '../certificate-source/certificate-source.js';
import type { Introspection } from '../introspection/introspection.js';
import type { VerificationRules } from '../protocol/bound-token.js';
import { protectedResourceMetadataUrl, type ResourceMetadata } from '../protocol/protected-resource-metadata.js';
import type { Revocations } from '../revocation/revocation-state.js';
import type { ReportGuardEvent } from './guard-event.js';
import { ReportOnly } from './report-only.js';

/** What the guard needs to know. Nothing security hangs on has a default: a missing value stops the boot. */
export interface MtlsBindingOptions extends Omit<VerificationRules, 'keys'> {
  /** Keys of that issuer only, which verify its JWTs: `remoteKeys({ … })`, or a key set in process. // R4 */
  readonly keys?: VerificationRules['keys'];
  /** Instead of `keys`, for an issuer of opaque tokens: `introspection({ … })`. */
  readonly introspection?: Introspection;
  /** Where client certificates come from: `tlsSocket()`, or `trustedProxy({ … })` behind a proxy that ends TLS. */
  readonly certificateSource: CertificateSource;
  /** What is revoked, and whether that is known freshly enough: `followRevocations({ … })`. // R2, R9 */
  readonly revocations: Revocations;
  /** What becomes of a token without any `cnf`. Default `required`: it is refused. `reportOnly({ … })` is a ramp. */
  readonly mode?: 'required' | ReportOnly;
  /** How many tokens that were verified before are known again without their signature check; default 10,000, 0: none. */
  readonly verifiedTokens?: { readonly max: number };
  /** Called for every request that a guard decided about, once. What it throws is ignored; what takes time holds up the request. */
  readonly report?: ReportGuardEvent;
  /** When set, this library serves the RFC 9728 document of the API and names it in every challenge. // R6 */
  readonly resourceMetadata?: ResourceMetadata;
  /** URL of that document if the API serves it itself, named in every challenge. */
  readonly resourceMetadataUrl?: string;
}

export const {
  ConfigurableModuleClass: MtlsBindingModuleClass,
  MODULE_OPTIONS_TOKEN: MTLS_BINDING_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<MtlsBindingOptions>({ moduleName: 'MtlsBinding' })
  .setClassMethodName('forRoot')
  .build();

/**
 * @throws TypeError naming every option that is missing or unusable and what to set
 */
export function assertComplete(options: MtlsBindingOptions): void {
  const faults: string[] = [];
  if (!isAbsoluteUri(options.issuer)) faults.push('issuer: the absolute URI of the token service');
  if (!isAbsoluteUri(options.audience)) faults.push('audience: the absolute URI of this API, as registered');
  faults.push(...faultsOfTheJudge(options));
  if (typeof options.certificateSource?.evidenceOf !== 'function') {
    faults.push('certificateSource: tlsSocket(), when this process terminates TLS itself, or trustedProxy({ … })');
  }
  if (
    typeof options.revocations?.assertNotRevoked !== 'function' ||
    typeof options.revocations.assertFresh !== 'function' ||
    typeof options.revocations.generation !== 'number'
  ) {
    faults.push('revocations: followRevocations({ … }), the live revocations of that issuer');
  }
  faults.push(...faultsOfTheOptional(options));
  if (faults.length > 0) throw new TypeError(`MtlsBindingModule needs ${faults.join('; ')}`);
}

function faultsOfTheJudge({ keys, introspection }: MtlsBindingOptions): string[] {
  const isAsked = typeof introspection?.ask === 'function';
  if (keys === undefined && isAsked) return [];
  if (introspection !== undefined) return ['introspection: introspection({ … }), and no keys beside it'];
  return typeof keys === 'function' ? [] : ['keys: remoteKeys({ jwksUri }), the keys of that issuer'];
}

function faultsOfTheOptional({ mode, verifiedTokens, resourceMetadata, audience }: MtlsBindingOptions): string[] {
  const faults: string[] = [];
  if (mode !== undefined && mode !== 'required' && !(mode instanceof ReportOnly)) {
    faults.push("mode: 'required', or reportOnly({ … }) for a while");
  }
  if (verifiedTokens !== undefined && !isCount(verifiedTokens.max)) {
    faults.push('verifiedTokens: { max }, a whole number of tokens; 0 for none');
  }
  if (resourceMetadata !== undefined && isAbsoluteUri(audience) && !hasMetadataUrl(audience)) {
    faults.push('resourceMetadata: only with an https URL without fragment as audience');
  }
  return faults;
}

/** Where the RFC 9728 document of this API stands; undefined when it has none. */
export function metadataUrlOf(options: MtlsBindingOptions): string | undefined {
  if (options.resourceMetadataUrl !== undefined) return options.resourceMetadataUrl;
  return options.resourceMetadata && protectedResourceMetadataUrl(options.audience);
}

function hasMetadataUrl(audience: string): boolean {
  try {
    return protectedResourceMetadataUrl(audience) !== '';
  } catch {
    return false;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAbsoluteUri(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value);
}
