import { Injectable } from '@nestjs/common';
import type { Caller } from './caller.js';
import type { Shipment } from './shipment.entity.js';
import { ShipmentRepository } from './shipment.repository.js';
import type { NewShipmentBody } from './shipment.schema.js';

@Injectable()
export class BookShipment {
  constructor(private readonly shipments: ShipmentRepository) {}

  /** @throws ShipmentError `reference_taken` */
  book(caller: Caller, body: NewShipmentBody): Promise<Shipment> {
    const { weight_kg: weightKg, ...route } = body;
    return this.shipments.add(caller.partnerId, { ...route, weightKg, status: 'booked', createdBy: caller.clientId });
  }
}
