import { Module, type DynamicModule } from '@nestjs/common';
import { PROTECTED_RESOURCE, ProtectedResourceController } from './protected-resource.controller.js';
import { protectedResourceMetadata } from './protected-resource-metadata.js';

@Module({})
export class ProtectedResourceModule {
  static forApi(api: { audience: string; issuer: string }): DynamicModule {
    return {
      module: ProtectedResourceModule,
      controllers: [ProtectedResourceController],
      providers: [{ provide: PROTECTED_RESOURCE, useValue: protectedResourceMetadata(api) }],
    };
  }
}
