import { Module } from '@nestjs/common';
import { BookShipment } from './book-shipment.js';
import { ListShipments } from './list-shipments.js';
import { ReadShipment } from './read-shipment.js';
import { ShipmentRepository } from './shipment.repository.js';
import { ShipmentsController } from './shipments.controller.js';

@Module({
  controllers: [ShipmentsController],
  providers: [ShipmentRepository, ListShipments, ReadShipment, BookShipment],
})
export class ShipmentsModule {}
