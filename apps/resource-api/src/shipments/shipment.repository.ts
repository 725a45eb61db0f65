import { Injectable } from '@nestjs/common';
import { Turns } from '@partner-ecosystem/platform/limits';
import { DataSource, LessThan, QueryFailedError, type Repository } from 'typeorm';
import { Shipment } from './shipment.entity.js';
import { ShipmentError } from './shipment.errors.js';

export type NewShipment = Pick<Shipment, 'reference' | 'origin' | 'destination' | 'status' | 'weightKg' | 'createdBy'>;

/** How long a booking waits for one with the same reference. */
const PATIENCE_MS = 5_000;

/**
 * The only file that may touch the shipments' table. Every access states the partner to Postgres first, whose row level
 * security then hides everybody else's rows, whatever the query says.
 */
@Injectable()
export class ShipmentRepository {
  // Two bookings with one reference wait for each other here; in the index they would do it with a connection each. // A36
  readonly #bookings = new Turns();

  constructor(private readonly dataSource: DataSource) {}

  /** Newest first; with `before`, those older than the shipment of that id. */
  findNewest(partnerId: string, page: { before: string | undefined; limit: number }): Promise<Shipment[]> {
    const where = page.before === undefined ? {} : { id: LessThan(page.before) };
    return this.asPartner(partnerId, (own) => own.find({ where, order: { id: 'DESC' }, take: page.limit }));
  }

  findById(partnerId: string, id: string): Promise<Shipment | null> {
    return this.asPartner(partnerId, (own) => own.findOneBy({ id }));
  }

  /** @throws ShipmentError `reference_taken`; TurnTimeoutError */
  async add(partnerId: string, values: NewShipment): Promise<Shipment> {
    try {
      return await this.#bookings.run(`${partnerId} ${values.reference}`, PATIENCE_MS, () =>
        this.asPartner(partnerId, async (own) => {
          const shipment = own.create({ ...values, partnerId });
          await own.insert(shipment); // also fills in what Postgres generated
          return shipment;
        }),
      );
    } catch (error) {
      throw isReferenceTaken(error)
        ? new ShipmentError('reference_taken', `the partner already has a shipment ${values.reference}`, {
            cause: error,
          })
        : error;
    }
  }

  private asPartner<T>(partnerId: string, work: (own: Repository<Shipment>) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      // true: until the end of this transaction, so that the pooled connection forgets the partner.
      await manager.query(`SELECT set_config('app.partner_id', $1, true)`, [partnerId]);
      return work(manager.getRepository(Shipment));
    });
  }
}

function isReferenceTaken(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'shipments_reference_once';
}
