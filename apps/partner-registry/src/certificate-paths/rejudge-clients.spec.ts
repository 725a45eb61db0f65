import { mintCertificate, mintCrl, type Minted } from '@partner-ecosystem/test-pki';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { Scene } from '../crls/crls.testing.js';

const CLIENTS = 12;
const KILLS = 5;
const GATE = 4711;

let scene: Scene;
let root: Minted;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
  root = await mintCertificate({ subject: 'CN=Partner Root', authority: true });
});

afterAll(() => scene?.registry.stop());

it('killed again and again in the middle, it goes on: each client is judged, and each revocation happens once', async () => {
  const partner_id = await scene.partner();
  const anchor = await scene.anchor(root, { partner_id });
  const leaves = await Promise.all(Array.from({ length: CLIENTS }, () => scene.leaf(root)));
  const ids: string[] = [];
  for (const leaf of leaves) {
    const answer = await scene.upload(await scene.client(partner_id, [anchor]), leaf);
    expect(answer.status).toBe(201);
    ids.push(answer.body.id);
  }
  // each one waits at a gate, so that the middle can be hit
  await scene.admin(
    `CREATE FUNCTION registry.gated() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(${GATE}); RETURN NEW; END $$`,
  );
  await scene.admin('GRANT EXECUTE ON FUNCTION registry.gated() TO PUBLIC');
  await scene.admin(
    'CREATE TRIGGER gated BEFORE UPDATE ON registry.certificates FOR EACH ROW EXECUTE FUNCTION registry.gated()',
  );
  const gate = new pg.Client({ connectionString: scene.registry.database.adminUrl });
  await gate.connect();
  await gate.query(`SELECT pg_advisory_lock(${GATE})`);
  await scene.registry.startReplica();
  const brought = await scene.bring(
    anchor,
    mintCrl({ issuer: root, revoked: leaves.map(({ serial }) => ({ serial })) }),
  );
  expect(brought.status).toBe(201);
  const killWaiting = `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
  for (let kills = 0; kills < KILLS; kills++) {
    // Whoever comes between the two goes through, and nobody else before the gate is shut again.
    if (kills > 0) await gate.query(`SELECT pg_advisory_unlock(${GATE}), pg_advisory_lock(${GATE})`);
    await scene.eventually(async () => expect((await gate.query(killWaiting)).rowCount).toBeGreaterThan(0));
  }
  await gate.end();
  await scene.judged();
  for (const id of ids) {
    const shown = await scene.read(`/v1/certificates/${id}`);
    expect(shown.status).toBe('revoked');
    const audited = await scene.read(`/v1/audit-events?target=${id}`);
    expect(audited.items.filter(({ action }: { action: string }) => action === 'certificate.revoked')).toHaveLength(1);
    expect(await scene.events(id, /^certificate\.revoked$/)).toHaveLength(1);
  }
  for (const { thumbprint } of leaves) expect(await scene.recordsOf({ thumbprint })).toHaveLength(1);
  await scene.admin('DROP TRIGGER gated ON registry.certificates');
});

it('a mode that would lock the last operator out is refused; a list that names it counts, which is an alarm', async () => {
  const { registry } = scene;
  const own = await mintCertificate({ subject: 'CN=Platform Root', authority: true });
  const anchor = await scene.anchor(own);
  const client = registry.operatorClientId;
  const leaf = await scene.leaf(own, { subject: 'CN=operator,O=Platform' });
  const { id } = (await scene.upload(client, leaf)).body;
  const added = await registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchor });
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  const stricter = await registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'require' }, 1);
  expect(stricter).toMatchObject({ status: 409, body: { code: 'last_operator' } });
  expect(await scene.read(`/v1/certificates/${id}`)).toMatchObject({ status: 'active' });
  expect((await scene.bring(anchor, mintCrl({ issuer: own, number: 1 }))).status).toBe(201);
  expect((await registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'require' }, 1)).status).toBe(200);
  const naming = mintCrl({ issuer: own, number: 2, revoked: [leaf] });
  expect((await scene.bring(anchor, naming)).status).toBe(201);
  await scene.judged();
  expect(await scene.read(`/v1/certificates/${id}`)).toMatchObject({ status: 'revoked' });
  const alarm = 'a CRL took the access that operating needs';
  expect(scene.logged(alarm, client)).toMatchObject([{ level: 'error', code: 'last_operator' }]);
});
