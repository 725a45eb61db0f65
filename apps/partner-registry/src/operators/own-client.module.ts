import { Global, Module, type DynamicModule } from '@nestjs/common';

/** The `cli_…` that this registry is at the token service, to follow the revocations. */
export const OWN_CLIENT_ID = Symbol('OWN_CLIENT_ID');

/**
 * Hands the operator rules their one setting. Global, because it belongs to the process: every feature has the rules,
 * and none is told how the registry is configured.
 */
@Global()
@Module({})
export class OwnClientModule {
  static named(clientId: string): DynamicModule {
    return {
      module: OwnClientModule,
      providers: [{ provide: OWN_CLIENT_ID, useValue: clientId }],
      exports: [OWN_CLIENT_ID],
    };
  }
}
