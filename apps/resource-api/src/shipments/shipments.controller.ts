import { Body, Controller, Get, Param, Post, Query, Res, UseInterceptors } from '@nestjs/common';
import { AccessToken, RequireScope, type BoundToken } from '@partner-ecosystem/mtls-binding';
import {
  ApiJson,
  ApiJsonBody,
  ApiOperation,
  ApiParam,
  ApiRefusals,
  ApiTags,
} from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply } from 'fastify';
import { SCOPES } from '../protected-resource/scopes.js';
import { BookShipment } from './book-shipment.js';
import { callerOf } from './caller.js';
import { ListShipments } from './list-shipments.js';
import { ReadShipment } from './read-shipment.js';
import { newShipmentExamples } from './shipment.examples.js';
import { ShipmentProblems } from './shipment-problems.js';
import {
  cursorAfter,
  newShipmentSchema,
  shipmentBodyOf,
  shipmentListSchema,
  shipmentPageSchema,
  shipmentSchema,
  type NewShipmentBody,
  type ShipmentBody,
  type ShipmentListBody,
  type ShipmentPage,
} from './shipment.schema.js';

@ApiTags('shipments')
@ApiRefusals('partner_unrecognised')
@Controller('v1/shipments')
@OnListener('mtls')
@UseInterceptors(ShipmentProblems)
export class ShipmentsController {
  constructor(
    private readonly listShipments: ListShipments,
    private readonly readShipment: ReadShipment,
    private readonly bookShipment: BookShipment,
  ) {}

  @Get()
  @RequireScope(SCOPES.read)
  @ApiOperation({ summary: 'List your shipments, newest first', description: `Scope \`${SCOPES.read}\`` })
  @ApiJson({ status: 200, schema: shipmentListSchema, description: 'A page; `Link: rel="next"` leads to the next one' })
  async list(
    @AccessToken() token: BoundToken,
    @Query({ schema: shipmentPageSchema }) page: ShipmentPage,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShipmentListBody> {
    const { shipments, more } = await this.listShipments.list(callerOf(token), page);
    const cursor = more ? cursorAfter(shipments.at(-1)!.id) : null;
    if (cursor) {
      const limit = page.limit === undefined ? '' : `&limit=${page.limit}`;
      void reply.header('Link', `</v1/shipments?cursor=${cursor}${limit}>; rel="next"`);
    }
    return { items: shipments.map(shipmentBodyOf), next_cursor: cursor };
  }

  @Get(':id')
  @RequireScope(SCOPES.read)
  @ApiOperation({ summary: 'Read one of your shipments', description: `Scope \`${SCOPES.read}\`` })
  @ApiParam({ name: 'id', description: 'As the list shows it: `shp_` and 32 hexadecimal digits' })
  @ApiJson({ status: 200, schema: shipmentSchema, description: 'The shipment' })
  @ApiRefusals('shipment_not_found')
  async read(@AccessToken() token: BoundToken, @Param('id') id: string): Promise<ShipmentBody> {
    return shipmentBodyOf(await this.readShipment.read(callerOf(token), id));
  }

  @Post()
  @RequireScope(SCOPES.write)
  @ApiOperation({ summary: 'Book a shipment', description: `Scope \`${SCOPES.write}\`` })
  @ApiJsonBody({ schema: newShipmentSchema, examples: newShipmentExamples })
  @ApiJson({ status: 201, schema: shipmentSchema, description: 'The shipment; `Location` is its address' })
  @ApiRefusals('reference_taken')
  async book(
    @AccessToken() token: BoundToken,
    @Body({ schema: newShipmentSchema }) body: NewShipmentBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShipmentBody> {
    const shipment = shipmentBodyOf(await this.bookShipment.book(callerOf(token), body));
    void reply.header('Location', `/v1/shipments/${shipment.id}`);
    return shipment;
  }
}
