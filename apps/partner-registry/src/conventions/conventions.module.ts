import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { MutationInterceptor } from '../mutations/mutation.interceptor.js';
import { EntityTagInterceptor } from './entity-tag.interceptor.js';
import { MergePatchInterceptor } from './merge-patch.interceptor.js';
import { PageLinkInterceptor } from './page-link.interceptor.js';
import { RefusePrivateKeysInterceptor } from './refuse-private-keys.interceptor.js';
import { RefuseQueryInterceptor } from './refuse-query.interceptor.js';

/** What holds for every route alike. */
@Module({
  providers: [
    { provide: APP_INTERCEPTOR, useClass: RefusePrivateKeysInterceptor },
    { provide: APP_INTERCEPTOR, useClass: RefuseQueryInterceptor },
    { provide: APP_INTERCEPTOR, useClass: MergePatchInterceptor },
    { provide: APP_INTERCEPTOR, useClass: EntityTagInterceptor },
    { provide: APP_INTERCEPTOR, useClass: PageLinkInterceptor },
    // the innermost: what it answers a repeat with passes through the others like a first answer
    { provide: APP_INTERCEPTOR, useClass: MutationInterceptor },
  ],
})
export class ConventionsModule {}
