import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { violatedConstraint } from '../database/constraint.js';
import { RegistryError } from '../problems/registry-error.js';
import { Partner } from './partner.entity.js';
import { PartnerRepository } from './partner.repository.js';
import type { NewPartner } from './partner.schema.js';

@Injectable()
export class CreatePartner {
  constructor(
    private readonly database: DataSource,
    private readonly partners: PartnerRepository,
  ) {}

  /** @throws RegistryError `slug_taken` */
  async create(request: NewPartner): Promise<Partner> {
    const partner = this.database.manager.create(Partner, request);
    try {
      return await this.partners.save(this.database.manager, partner);
    } catch (error) {
      if (violatedConstraint(error) !== 'partners_slug_key') throw error;
      throw RegistryError.ofField('slug_taken', '/slug', 'Another partner has this slug.');
    }
  }
}
