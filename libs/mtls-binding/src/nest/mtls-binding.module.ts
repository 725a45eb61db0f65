import { Inject, Logger, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { Admission } from './admission.js';
import { BoundTokenGuard } from './bound-token.guard.js';
import { BoundTokenStrategy } from './bound-token.strategy.js';
import { ClientCertificateGuard } from './client-certificate.guard.js';
import { assertComplete, MTLS_BINDING_OPTIONS, MtlsBindingModuleClass, type MtlsBindingOptions } from './options.js';
import { ReportOnly } from './report-only.js';
import { ResourceMetadataRoute } from './resource-metadata.route.js';
import { ScopesNamed } from './scopes-named.js';

const REPORT_ONLY =
  'REPORT-ONLY MODE IS ON: access tokens WITHOUT a certificate binding are LET THROUGH and counted. ' +
  "Whoever steals one can use it. Set mode to 'required' as soon as every client sends bound tokens.";

/**
 * Importing it guards every route of the application: deny by default. One that names no scope must say `@AnyScope()`. // R7
 * Revocations that are followed are followed while the application runs: from its bootstrap until it is closed.
 * Options by `forRoot(options)` or `forRootAsync({ useFactory, inject })`; see `MtlsBindingOptions`.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    Admission,
    BoundTokenStrategy,
    BoundTokenGuard,
    ClientCertificateGuard,
    ResourceMetadataRoute,
    ScopesNamed,
    { provide: APP_GUARD, useExisting: BoundTokenGuard },
  ],
  exports: [BoundTokenGuard, ClientCertificateGuard, MTLS_BINDING_OPTIONS],
})
export class MtlsBindingModule extends MtlsBindingModuleClass implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(MTLS_BINDING_OPTIONS) private readonly options: MtlsBindingOptions) {
    super();
    assertComplete(options);
    for (const warning of options.certificateSource.warnings ?? []) new Logger(MtlsBindingModule.name).warn(warning);
    if (options.mode instanceof ReportOnly) new Logger(MtlsBindingModule.name).warn(REPORT_ONLY);
  }

  // Only now: a boot that is refused has called nobody.
  onApplicationBootstrap(): void {
    this.options.revocations.start?.();
  }

  // Before the modules that it was handed things from: what fetches for it is still there.
  async onModuleDestroy(): Promise<void> {
    await this.options.revocations.stop?.();
  }
}
