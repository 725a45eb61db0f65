import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';
import type { Shipment } from './shipment.entity.js';
import { ShipmentRepository } from './shipment.repository.js';
import type { ShipmentPage } from './shipment.schema.js';

const DEFAULT_LIMIT = 50;

export interface ListedShipments {
  readonly shipments: Shipment[];
  /** Whether there are older ones than these. */
  readonly more: boolean;
}

@Injectable()
export class ListShipments {
  constructor(private readonly shipments: ShipmentRepository) {}

  /** Newest first. */
  async list(caller: Caller, { limit = DEFAULT_LIMIT, cursor }: ShipmentPage): Promise<ListedShipments> {
    // The one too many only tells that there is a next page.
    const found = await this.shipments.findNewest(caller.partnerId, { before: cursor, limit: limit + 1 });
    return { shipments: found.slice(0, limit), more: found.length > limit };
  }
}
