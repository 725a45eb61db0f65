import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

export const SHIPMENT_STATUSES = ['booked', 'in_transit', 'delivered'] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];

/** A row of `resource.shipments`; the table itself is made by the migrations. */
@Entity({ name: 'shipments' })
export class Shipment {
  @PrimaryColumn('uuid', { default: () => 'uuidv7()', primaryKeyConstraintName: 'shipments_pkey' })
  id: string;

  @Column('uuid', { name: 'partner_id' })
  partnerId: string;

  /** The partner's own number for the shipment, unique among the partner's. */
  @Column('text')
  reference: string;

  /** UN/LOCODE, such as NLRTM. */
  @Column('text')
  origin: string;

  @Column('text')
  destination: string;

  @Column('text', { default: 'booked' })
  status: ShipmentStatus;

  @Column('integer', { name: 'weight_kg' })
  weightKg: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  /** `client_id` of the partner's system that booked it. */
  @Column('text', { name: 'created_by' })
  createdBy: string;
}
