import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import type { PageRequest } from '../http/page.js';
import { PartnerContact, type ContactKind } from './partner-contact.entity.js';

/** An erased contact is not there any more, for whatever way of looking. */
@Injectable()
export class PartnerContactRepository {
  find(database: EntityManager, id: string): Promise<PartnerContact | null> {
    return database.findOneBy(PartnerContact, { id, erased_at: IsNull() });
  }

  /** One row more than the page holds. */
  listOfPartner(
    database: EntityManager,
    partnerId: string,
    page: PageRequest,
    filters: { kind?: ContactKind | undefined },
  ): Promise<PartnerContact[]> {
    const after = page.after === undefined ? {} : { id: MoreThan(page.after) };
    const where = { partner_id: partnerId, erased_at: IsNull(), ...filters, ...after };
    return database.find(PartnerContact, { where, order: { id: 'ASC' }, take: page.limit + 1 });
  }

  save(transaction: EntityManager, contact: PartnerContact): Promise<PartnerContact> {
    return transaction.save(contact);
  }
}
