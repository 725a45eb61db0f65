import { z } from 'zod';
import { publicIdOf } from './public-id.js';
import { SHIPMENT_STATUSES, type Shipment } from './shipment.entity.js';

// Printable ASCII without spaces at the ends: what fits on every label, and nothing that Postgres cannot store.
const reference = z
  .string()
  .max(64)
  .regex(/^[!-~]+(?: [!-~]+)*$/, { error: 'expected 1 to 64 printable ASCII characters, words parted by one space' })
  .meta({ description: 'Your own number for the shipment, unique among yours', example: 'PO-2026-0001' });

const locode = z
  .string()
  .regex(/^[A-Z]{2}[A-Z2-9]{3}$/, { error: 'expected a UN/LOCODE such as NLRTM' })
  .meta({ description: 'UN/LOCODE: country and place', example: 'NLRTM' });

const weightKg = z.int().min(1).max(1_000_000_000).meta({ description: 'Kilograms', example: 1250 });

/** Body of `POST /v1/shipments`. It names no partner: that is the token's part. */
export const newShipmentSchema = z.strictObject({
  reference,
  origin: locode,
  destination: locode,
  weight_kg: weightKg,
});
export type NewShipmentBody = z.infer<typeof newShipmentSchema>;

export const shipmentSchema = z.object({
  id: z
    .string()
    .regex(/^shp_[0-9a-f]{32}$/)
    .meta({ example: 'shp_019ab3c4d5e67f809123456789abcdef' }),
  reference,
  origin: locode,
  destination: locode,
  status: z.enum(SHIPMENT_STATUSES),
  weight_kg: weightKg,
  created_at: z.iso.datetime(),
  created_by: z.string().meta({ description: 'client_id of your system that booked it' }),
});
export type ShipmentBody = z.infer<typeof shipmentSchema>;

export const shipmentListSchema = z.object({ items: z.array(shipmentSchema), next_cursor: z.string().nullable() });
export type ShipmentListBody = z.infer<typeof shipmentListSchema>;

/** Query of `GET /v1/shipments`. An unknown parameter is refused: a misspelt filter must not pass for none. */
export const shipmentPageSchema = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: 'expected a whole number from 1 to 200' })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200, { error: 'expected a whole number from 1 to 200' })
    .optional()
    .meta({ description: 'Most items of a page, 1 to 200; 50 when not given' }),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22}$/, { error: 'expected the next_cursor of an earlier page, unchanged' })
    .transform(shipmentIdFromCursor)
    .optional()
    .meta({ description: 'The `next_cursor` of the page before' }),
});
export type ShipmentPage = z.infer<typeof shipmentPageSchema>;

/** The cursor of the page that follows the shipment with this uuid; opaque to callers. */
export function cursorAfter(shipmentId: string): string {
  return Buffer.from(shipmentId.replaceAll('-', ''), 'hex').toString('base64url');
}

function shipmentIdFromCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('hex');
}

/** What a caller sees of a shipment. */
export function shipmentBodyOf(shipment: Shipment): ShipmentBody {
  return {
    id: publicIdOf('shp', shipment.id),
    reference: shipment.reference,
    origin: shipment.origin,
    destination: shipment.destination,
    status: shipment.status,
    weight_kg: shipment.weightKg,
    created_at: shipment.createdAt.toISOString(),
    created_by: shipment.createdBy,
  };
}
