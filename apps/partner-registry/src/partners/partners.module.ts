import { Module } from '@nestjs/common';
import { ChangePartnerStatus } from './change-partner-status.js';
import { CreatePartner } from './create-partner.js';
import { PartnerRepository } from './partner.repository.js';
import { PartnersController } from './partners.controller.js';
import { ReadPartners } from './read-partners.js';

@Module({
  controllers: [PartnersController],
  providers: [PartnerRepository, CreatePartner, ChangePartnerStatus, ReadPartners],
  exports: [PartnerRepository],
})
export class PartnersModule {}
