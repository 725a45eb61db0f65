import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';
import { uuidFrom } from './public-id.js';
import type { Shipment } from './shipment.entity.js';
import { ShipmentError } from './shipment.errors.js';
import { ShipmentRepository } from './shipment.repository.js';

@Injectable()
export class ReadShipment {
  constructor(private readonly shipments: ShipmentRepository) {}

  /** @throws ShipmentError `shipment_not_found`: no such id, another partner's, or no id at all */
  async read(caller: Caller, publicId: string): Promise<Shipment> {
    const id = uuidFrom('shp', publicId);
    const shipment = id === undefined ? null : await this.shipments.findById(caller.partnerId, id);
    if (!shipment) throw new ShipmentError('shipment_not_found', `${caller.clientId} has no shipment of this id`);
    return shipment;
  }
}
