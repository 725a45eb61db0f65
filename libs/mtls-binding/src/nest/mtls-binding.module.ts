import { Inject, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BoundTokenGuard } from './bound-token.guard.js';
import { BoundTokenStrategy } from './bound-token.strategy.js';
import { ClientCertificateGuard } from './client-certificate.guard.js';
import { assertComplete, MTLS_BINDING_OPTIONS, MtlsBindingModuleClass, type MtlsBindingOptions } from './options.js';

/**
 * Importing it guards every route of the application: deny by default. // R7
 * Options by `forRoot(options)` or `forRootAsync({ useFactory, inject })`; see `MtlsBindingOptions`.
 */
@Module({
  providers: [
    BoundTokenStrategy,
    BoundTokenGuard,
    ClientCertificateGuard,
    { provide: APP_GUARD, useExisting: BoundTokenGuard },
  ],
  exports: [BoundTokenGuard, ClientCertificateGuard, MTLS_BINDING_OPTIONS],
})
export class MtlsBindingModule extends MtlsBindingModuleClass {
  constructor(@Inject(MTLS_BINDING_OPTIONS) options: MtlsBindingOptions) {
    super();
    assertComplete(options);
  }
}
