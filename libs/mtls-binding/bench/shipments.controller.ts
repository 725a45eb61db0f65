import { Controller, Get } from '@nestjs/common';
import { Public, RequireScope } from './library.js';

const SHIPMENTS = [
  { id: 'shp_1', reference: 'PO-1001', status: 'in_transit', destination: 'Rotterdam' },
  { id: 'shp_2', reference: 'PO-1002', status: 'delivered', destination: 'Antwerp' },
];

/** The one route of every reference server. Without a guard `@RequireScope()` is a note that nobody reads. */
@Controller('shipments')
export class ShipmentsController {
  @Get() @RequireScope('shipments:read') list() {
    return { shipments: SHIPMENTS };
  }
}

/** The same one, left open in an application whose other routes are guarded. */
@Public()
@Controller('shipments')
export class PublicShipmentsController extends ShipmentsController {}
