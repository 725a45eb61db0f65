import { mintCertificate, mintRevocationList, type Minted } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { Scene } from './revocation-lists.testing.js';

vi.setConfig({ testTimeout: 120_000 });

const CLIENTS = 12;

let scene: Scene;
let root: Minted;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
  root = await mintCertificate({ subject: 'CN=Partner Root', authority: true });
}, 120_000);

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
  // each one takes its time, so that the middle can be hit
  await scene.admin(
    `CREATE FUNCTION registry.slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.15); RETURN NEW; END $$`,
  );
  await scene.admin('GRANT EXECUTE ON FUNCTION registry.slowly() TO PUBLIC');
  await scene.admin(
    'CREATE TRIGGER slowly BEFORE UPDATE ON registry.certificates FOR EACH ROW EXECUTE FUNCTION registry.slowly()',
  );
  await scene.registry.startReplica();
  const brought = await scene.bring(
    anchor,
    mintRevocationList({ issuer: root, revoked: leaves.map(({ serial }) => ({ serial })) }),
  );
  expect(brought.status).toBe(201);
  let kills = 0;
  for (const until = Date.now() + 4_000; Date.now() < until;) {
    await new Promise((resolve) => setTimeout(resolve, 350));
    kills += (
      await scene.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'partner-registry' AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%certificates%'`)
    ).length;
  }
  expect(kills).toBeGreaterThan(0);
  await scene.judged();
  for (const id of ids) {
    const shown = await scene.read(`/v1/certificates/${id}`);
    expect(shown.status).toBe('revoked');
    const audited = await scene.read(`/v1/audit-events?target=${id}`);
    expect(audited.items.filter(({ action }: { action: string }) => action === 'certificate.revoked')).toHaveLength(1);
    expect(await scene.events(id, /^certificate\.revoked$/)).toHaveLength(1);
  }
  for (const { thumbprint } of leaves) expect(await scene.recordsOf({ thumbprint })).toHaveLength(1);
  await scene.admin('DROP TRIGGER slowly ON registry.certificates');
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
  expect((await scene.bring(anchor, mintRevocationList({ issuer: own, number: 1 }))).status).toBe(201);
  expect((await registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'require' }, 1)).status).toBe(200);
  const naming = mintRevocationList({ issuer: own, number: 2, revoked: [leaf] });
  expect((await scene.bring(anchor, naming)).status).toBe(201);
  await scene.judged();
  expect(await scene.read(`/v1/certificates/${id}`)).toMatchObject({ status: 'revoked' });
  const alarm = 'a revocation list took the access that operating needs';
  expect(scene.logged(alarm, client)).toMatchObject([{ level: 'error', code: 'last_operator' }]);
});
