import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { CertificateSource } from '../certificate-source/certificate-source.js';
import type { VerificationRules } from '../protocol/bound-token.js';

/** What the guard needs to know. Nothing security hangs on has a default: a missing value stops the boot. */
export interface MtlsBindingOptions extends VerificationRules {
  /** Where client certificates come from: `tlsSocket()`. */
  readonly certificateSource: CertificateSource;
  /** URL of this API's RFC 9728 document, named in every challenge. */
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
  if (typeof options.keys !== 'function') faults.push('keys: remoteKeys({ jwksUri }), the keys of that issuer');
  if (typeof options.certificateSource?.evidenceOf !== 'function') {
    faults.push('certificateSource: tlsSocket(), when this process terminates TLS itself');
  }
  if (faults.length > 0) throw new TypeError(`MtlsBindingModule needs ${faults.join('; ')}`);
}

function isAbsoluteUri(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value);
}
