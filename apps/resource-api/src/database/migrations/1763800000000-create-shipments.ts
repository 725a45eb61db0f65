import type { MigrationInterface, QueryRunner } from 'typeorm';

// A partner sees and writes its own rows only. Without the setting nobody has any: current_setting(…, true) is NULL
// on a fresh connection and an empty string on one where a transaction has set it before, so both become NULL.
const OWN_ROWS = `partner_id = NULLIF(current_setting('app.partner_id', true), '')::uuid`;

export class CreateShipments1763800000000 implements MigrationInterface {
  readonly name = 'CreateShipments1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE resource.shipments (
        id          uuid        NOT NULL DEFAULT uuidv7(),
        partner_id  uuid        NOT NULL,
        reference   text        NOT NULL,
        origin      text        NOT NULL,
        destination text        NOT NULL,
        status      text        NOT NULL DEFAULT 'booked',
        weight_kg   integer     NOT NULL,
        created_at  timestamptz NOT NULL DEFAULT now(),
        created_by  text        NOT NULL,
        CONSTRAINT shipments_pkey PRIMARY KEY (id),
        CONSTRAINT shipments_reference_once UNIQUE (partner_id, reference),
        CONSTRAINT shipments_reference_length CHECK (char_length(reference) BETWEEN 1 AND 64),
        CONSTRAINT shipments_origin_locode CHECK (origin ~ '^[A-Z]{2}[A-Z2-9]{3}$'),
        CONSTRAINT shipments_destination_locode CHECK (destination ~ '^[A-Z]{2}[A-Z2-9]{3}$'),
        CONSTRAINT shipments_status_known CHECK (status IN ('booked', 'in_transit', 'delivered')),
        CONSTRAINT shipments_weight_positive CHECK (weight_kg > 0)
      )`);
    await runner.query(`CREATE INDEX shipments_newest ON resource.shipments (partner_id, id DESC)`);
    await runner.query(`ALTER TABLE resource.shipments ENABLE ROW LEVEL SECURITY`);
    // Without FORCE the table's owner would see every partner's rows.
    await runner.query(`ALTER TABLE resource.shipments FORCE ROW LEVEL SECURITY`);
    await runner.query(`CREATE POLICY own_rows ON resource.shipments USING (${OWN_ROWS}) WITH CHECK (${OWN_ROWS})`);
    await runner.query(`GRANT SELECT, INSERT ON resource.shipments TO resource_api_app`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE resource.shipments`);
  }
}
