import { describe, expect, it } from 'vitest';
import { cursorAfter, newShipmentSchema, shipmentPageSchema } from './shipment.schema.js';

const GOOD = { reference: 'PO-2026-0001', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 1250 };

describe('the body of a new shipment', () => {
  it('is accepted as the documentation shows it', () => {
    expect(newShipmentSchema.parse(GOOD)).toEqual(GOOD);
  });

  it.each([
    ['a reference of 65 characters', { reference: 'x'.repeat(65) }],
    ['an empty reference', { reference: '' }],
    ['a reference that begins with a space', { reference: ' PO' }],
    ['a NUL, which Postgres cannot store', { reference: 'PO\u0000' }],
    ['a place that is no UN/LOCODE', { origin: 'Rotterdam' }],
    ['a UN/LOCODE in small letters', { destination: 'sgsin' }],
    ['no weight', { weight_kg: 0 }],
    ['a weight with a fraction', { weight_kg: 1.5 }],
    ['a weight beyond the column', { weight_kg: 2 ** 31 }],
    ['a weight as text', { weight_kg: '1250' }],
    ['a partner', { partner_id: 'ptn_019ab3c4d5e67f809123456789abcdef' }],
    ['a status', { status: 'delivered' }],
  ])('is refused with %s', (_, change) => {
    expect(newShipmentSchema.safeParse({ ...GOOD, ...change }).success).toBe(false);
  });
});

describe('the query of a list', () => {
  it('reads back the cursor it gave', () => {
    const { cursor } = shipmentPageSchema.parse({ cursor: cursorAfter('019ab3c4-d5e6-7f80-9123-456789abcdef') });
    expect(cursor).toBe('019ab3c4d5e67f809123456789abcdef');
  });

  it.each(['1', '200'])('takes a limit of %s', (limit) => {
    expect(shipmentPageSchema.parse({ limit })).toEqual({ limit: Number(limit) });
  });

  it.each([
    { limit: '0' },
    { limit: '201' },
    { limit: '-1' },
    { limit: '1e1' },
    { limit: ['1', '2'] },
    { cursor: 'x' },
  ])('refuses %j', (query) => {
    expect(shipmentPageSchema.safeParse(query).success).toBe(false);
  });

  it('refuses a parameter it does not know', () => {
    expect(shipmentPageSchema.safeParse({ partner_id: 'x' }).error?.issues[0]).toMatchObject({ keys: ['partner_id'] });
  });
});
