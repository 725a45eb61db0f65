import type { Examples } from '@partner-ecosystem/platform/openapi';
import type { NewShipmentBody } from './shipment.schema.js';

const containers: NewShipmentBody = {
  reference: 'PO-2026-0001',
  origin: 'NLRTM',
  destination: 'SGSIN',
  weight_kg: 18400,
};
const parcel: NewShipmentBody = { reference: 'PO-2026-0002', origin: 'DEHAM', destination: 'USNYC', weight_kg: 3 };

/** Bodies that work as they are. */
export const newShipmentExamples: Examples = {
  containers: { summary: 'Containers from Rotterdam to Singapore', value: containers },
  parcel: { summary: 'A parcel from Hamburg to New York', value: parcel },
};
