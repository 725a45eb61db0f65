import { Module, type DynamicModule } from '@nestjs/common';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { TrustAnchorRepository } from '../trust-anchors/trust-anchor.repository.js';
import { AcceptRevocationList } from './accept-revocation-list.js';
import { FetchRevocationLists } from './fetch-revocation-lists.js';
import { HeldRevocationListRepository } from './held-revocation-list.repository.js';
import { JudgeByLists } from './judge-by-lists.js';
import { ListAuthorities } from './list-authorities.js';
import { ReadRevocationLists } from './read-revocation-lists.js';
import { RejudgeClients } from './rejudge-clients.js';
import { REVOCATION_LIST_SETTINGS, type RevocationListSettings } from './revocation-list-settings.js';
import { RevocationListsController } from './revocation-lists.controller.js';
import { StoreFetchedList } from './store-fetched-list.js';
import { UploadRevocationList } from './upload-revocation-list.js';
import { WatchFreshness } from './watch-freshness.js';

@Module({})
export class RevocationListsModule {
  static with(settings: RevocationListSettings): DynamicModule {
    return {
      module: RevocationListsModule,
      imports: [MutationsModule, OperatorsModule, ClientsModule, CertificatesModule],
      controllers: [RevocationListsController],
      providers: [
        { provide: REVOCATION_LIST_SETTINGS, useValue: settings },
        TrustAnchorRepository,
        HeldRevocationListRepository,
        ListAuthorities,
        AcceptRevocationList,
        UploadRevocationList,
        ReadRevocationLists,
        StoreFetchedList,
        FetchRevocationLists,
        JudgeByLists,
        RejudgeClients,
        WatchFreshness,
      ],
    };
  }
}
