import { Module } from '@nestjs/common';
import { MutationsModule } from '../mutations/mutations.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { ChangePartner } from './change-partner.js';
import { ChangePartnerStatus } from './change-partner-status.js';
import { CreatePartner } from './create-partner.js';
import { OffboardPartner } from './offboard-partner.js';
import { PartnerRepository } from './partner.repository.js';
import { PartnerTokensController } from './partner-tokens.controller.js';
import { PartnersController } from './partners.controller.js';
import { PartnersForChange } from './partners-for-change.js';
import { ReadPartners } from './read-partners.js';
import { RevokePartnerTokens } from './revoke-partner-tokens.js';

@Module({
  imports: [MutationsModule, OperatorsModule],
  controllers: [PartnersController, PartnerTokensController],
  providers: [
    PartnerRepository,
    PartnersForChange,
    CreatePartner,
    ChangePartner,
    ChangePartnerStatus,
    OffboardPartner,
    RevokePartnerTokens,
    ReadPartners,
  ],
  exports: [PartnerRepository, PartnersForChange, ChangePartnerStatus, OffboardPartner],
})
export class PartnersModule {}
