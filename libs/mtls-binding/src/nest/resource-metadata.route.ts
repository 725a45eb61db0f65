import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { protectedResourceMetadata, protectedResourceMetadataUrl } from '../protocol/protected-resource-metadata.js';
import { MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';

/**
 * Serves the RFC 9728 document, open to everybody, if the option `resourceMetadata` is set. // R6
 * No controller: its address follows from the audience, and a global prefix or version must not move it.
 */
@Injectable()
export class ResourceMetadataRoute implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(MTLS_BINDING_OPTIONS) private readonly options: MtlsBindingOptions,
  ) {}

  onModuleInit(): void {
    if (!this.options.resourceMetadata) return;
    const { pathname } = new URL(protectedResourceMetadataUrl(this.options.audience));
    const document = protectedResourceMetadata(this.options, this.options.resourceMetadata);
    const { httpAdapter } = this.host;
    httpAdapter.get(pathname, (_request: unknown, response: unknown) => httpAdapter.reply(response, document, 200));
  }
}
