import { mintCertificate, mintCrl, type Minted, type CrlOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { Scene } from './crls.testing.js';

// lists are judged by about once a second

const HOUR = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms);
const ahead = (ms: number) => new Date(Date.now() + ms);

let scene: Scene;
let root: Minted;
let partner: string;
let number = 0;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
  partner = await scene.partner();
});

afterAll(() => scene?.registry.stop());

const newRoot = () =>
  mintCertificate({ subject: `CN=Partner Root ${++number}`, authority: true, notAfter: ahead(1_000 * HOUR) });
const list = (options: Partial<CrlOptions> = {}) =>
  mintCrl({ issuer: root, number: ++number, thisUpdate: ago(HOUR - number * 1_000), ...options });
const naming = ({ serial }: Minted, reason?: number, date?: Date) => ({
  serial,
  ...(reason === undefined ? {} : { reason }),
  ...(date ? { date } : {}),
});
const certificate = (id: string) => scene.read(`/v1/certificates/${id}`);
const audited = async (of: string, action: string) =>
  (await scene.read(`/v1/audit-events?target=${of}`)).items.filter(
    (event: { action: string }) => event.action === action,
  );
const pathChecks = ({ checks }: { checks: { id: string; result: string }[] }) =>
  Object.fromEntries(checks.filter(({ id }) => /^path_(crl|revoked)/.test(id)).map(({ id, result }) => [id, result]));

/** A client under an anchor of its own, with a certificate where there are lists it can have one under. */
async function stage(fields: object = {}, client: object = {}) {
  root = await newRoot();
  const anchor = await scene.anchor(root, { partner_id: partner, ...fields });
  return { anchor, client: await scene.client(partner, [anchor], client) };
}

async function brought(anchor: string, options: Partial<CrlOptions> = {}) {
  const answer = await scene.bring(anchor, list(options));
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  await scene.judged();
  return answer.body;
}

async function uploaded(client: string, leaf: Minted, ...chain: Minted[]): Promise<string> {
  const answer = await scene.upload(client, leaf, ...chain);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

describe('a certificate that a list names', () => {
  it('is revoked as the list says, which is said; its tokens end', async () => {
    const { anchor, client } = await stage();
    const [leaf, other] = [await scene.leaf(root), await scene.leaf(root)];
    const [id, otherId] = [await uploaded(client, leaf), await uploaded(client, other)];
    const date = new Date(Math.floor(ago(5 * HOUR).getTime() / 1_000) * 1_000);
    const { sha256 } = await brought(anchor, { revoked: [naming(leaf, 5, date)] });
    const shown = { status: 'revoked', revoked_at: date.toISOString(), revocation_reason: 'cessation_of_operation' };
    expect(await certificate(id)).toMatchObject(shown);
    const [event] = await audited(id, 'certificate.revoked');
    expect(event).toMatchObject({ actor: { client_id: 'job:rejudge-paths' }, reason: expect.stringContaining(sha256) });
    expect(await scene.recordsOf({ thumbprint: leaf.thumbprint })).toMatchObject([{ mode: 'off' }]);
    expect(await scene.events(id, /revoked/)).toEqual(['certificate.revoked']);
    expect((await scene.published(client)).revoked_certificates).toMatchObject([{ thumbprint: leaf.thumbprint }]);
    expect(await certificate(otherId)).toMatchObject({ status: 'active' });
    expect((await scene.upload(client, leaf)).body.code).toBe('certificate_refused');
  });

  it('takes every certificate of its key along when that is compromised', async () => {
    const { anchor, client } = await stage();
    const leaf = await scene.leaf(root);
    const twin = await scene.leaf(root, { keyOf: leaf });
    const ids = [await uploaded(client, leaf), await uploaded(client, twin)];
    await brought(anchor, { revoked: [naming(leaf, 1)] });
    for (const id of ids) expect(await certificate(id)).toMatchObject({ revocation_reason: 'key_compromise' });
    const third = await scene.upload(client, await scene.leaf(root, { keyOf: leaf }));
    expect(third.body.code).toBe('certificate_revoked');
  });

  it('is kept out while on hold, and comes back with the list that does not name it, or says it is named no more', async () => {
    const { anchor, client } = await stage();
    const leaf = await scene.leaf(root);
    const id = await uploaded(client, leaf);
    const end = async () => Date.parse((await scene.published(client)).certificates[0].path_valid_until);
    for (const revoked of [[], [naming(leaf, 8)]]) {
      await brought(anchor, { revoked: [naming(leaf, 6)] });
      expect(await certificate(id)).toMatchObject({ status: 'active', revoked_at: null });
      expect(await end()).toBeLessThanOrEqual(Date.now());
      await brought(anchor, { revoked });
      expect(await end()).toBeGreaterThan(Date.now());
    }
    const modes = (await scene.recordsOf({ thumbprint: leaf.thumbprint })).map(({ mode }) => mode);
    expect(modes.at(-1)).toBe('cutoff');
  });

  it('goes with the authority that issued it, without being accused itself', async () => {
    const { anchor, client } = await stage();
    const issuing = await mintCertificate({ subject: `CN=Issuing ${++number}`, authority: true, issuer: root });
    const id = await uploaded(client, await scene.leaf(issuing), issuing);
    await brought(anchor, { revoked: [naming(issuing, 2)] });
    expect(await certificate(id)).toMatchObject({ status: 'active' });
    expect(pathChecks(await certificate(id))).toMatchObject({ path_revoked: 'fail' });
    // whose word counts no more
    const late = await scene.bring(anchor, mintCrl({ issuer: issuing }));
    expect(late).toMatchObject({ status: 422, body: { code: 'crl_refused' } });
  });

  it('where the mode is off nobody looks, and as soon as somebody does it is revoked', async () => {
    const { anchor, client } = await stage({ crl_mode: 'off' });
    const leaf = await scene.leaf(root);
    await brought(anchor, { revoked: [naming(leaf)] });
    const id = await uploaded(client, leaf);
    expect(await certificate(id)).toMatchObject({ status: 'active' });
    await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'soft' }, 1);
    await scene.judged();
    expect(await certificate(id)).toMatchObject({ status: 'revoked', revocation_reason: 'unspecified' });
  });

  it('is one that nobody registered: the tokens of every client known by identity end, once for each name', async () => {
    const { anchor, client } = await stage({}, { tls_client_auth_subject_dn: 'CN=importer,O=Acme' });
    const { version } = await scene.read(`/v1/clients/${client}`);
    await scene.registry.patch(`/v1/clients/${client}`, { certificate_policy: 'identity_only' }, version);
    const leaf = await scene.leaf(root, { subject: 'CN=importer,O=Acme' });
    const records = () => scene.recordsOf({ client_id: client });
    await brought(anchor);
    expect(await records()).toEqual([]);
    const { sha256 } = await brought(anchor, { revoked: [naming(leaf)] });
    expect(await records()).toMatchObject([{ kind: 'client', mode: 'cutoff' }]);
    expect((await scene.published(client)).trust_anchors).toMatchObject([{ crls: [sha256] }]);
    const before = (await records())[0]?.expires_at;
    await brought(anchor, { revoked: [naming(leaf)] });
    expect(await records()).toMatchObject([{ expires_at: before }]);
    const told = await scene.admin(
      `SELECT count(*)::int AS n FROM registry.outbox_events WHERE type = 'crl.accepted' AND cardinality(client_ids) = 1
        AND data->>'trust_anchor_id' = $1`,
      [anchor],
    );
    expect(told).toEqual([{ n: 3 }]);
  });
});

describe('what each mode says without a list in force', () => {
  const past = { thisUpdate: ago(3 * HOUR), nextUpdate: ago(HOUR) };

  it.each([
    ['require', 422, { path_crl_missing: 'fail' }],
    ['soft', 201, { path_crl_missing: 'warn' }],
    ['off', 201, {}],
  ])('%s: none at all', async (crl_mode, status, checks) => {
    const { client } = await stage({ crl_mode });
    const answer = await scene.upload(client, await scene.leaf(root));
    expect(answer.status).toBe(status);
    expect(pathChecks(answer.body)).toEqual(Object.keys(checks).length === 0 ? {} : expect.objectContaining(checks));
  });

  it.each([
    ['require', 422],
    ['soft', 201],
    ['off', 201],
  ])('%s: one that is out of date', async (crl_mode, status) => {
    const { anchor, client } = await stage({ crl_mode });
    await brought(anchor, past);
    expect((await scene.lists(anchor))[0]).toMatchObject({ freshness: 'stale' });
    expect((await scene.upload(client, await scene.leaf(root))).status).toBe(status);
  });

  it('require: a path ends when the next list is due, and lasts longer with it; soft and off: it ends with the certificate', async () => {
    for (const crl_mode of ['require', 'soft', 'off']) {
      const { anchor, client } = await stage({ crl_mode });
      const soon = new Date(Math.floor(ahead(2 * HOUR).getTime() / 1_000) * 1_000);
      await brought(anchor, { nextUpdate: soon });
      const id = await uploaded(client, await scene.leaf(root));
      const until = async () => (await certificate(id)).path_valid_until;
      const { not_after: end } = await certificate(id);
      expect(await until()).toBe(crl_mode === 'require' ? soon.toISOString() : end);
      const later = new Date(soon.getTime() + HOUR);
      await brought(anchor, { nextUpdate: later });
      expect(await until()).toBe(crl_mode === 'require' ? later.toISOString() : end);
      expect(await audited(client, 'client.paths_rejudged')).toEqual([]);
      const told = await scene.events(client, /paths_rejudged/);
      expect(told).toEqual(crl_mode === 'require' ? ['client.paths_rejudged'] : []);
    }
  });

  it('a stricter mode takes the path of whom it leaves without a list, and a milder one gives it back', async () => {
    const { anchor, client } = await stage({ crl_mode: 'off' });
    const leaf = await scene.leaf(root);
    const id = await uploaded(client, leaf);
    await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'require' }, 1);
    await scene.judged();
    expect(pathChecks(await certificate(id))).toMatchObject({ path_crl_missing: 'fail' });
    expect(await scene.recordsOf({ thumbprint: leaf.thumbprint })).toMatchObject([{ mode: 'off' }]);
    expect(await audited(client, 'client.paths_rejudged')).toHaveLength(1);
    await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'soft' }, 2);
    await scene.judged();
    expect(pathChecks(await certificate(id))).toMatchObject({ path_crl_missing: 'warn' });
    expect(await scene.recordsOf({ thumbprint: leaf.thumbprint })).toMatchObject([{ mode: 'cutoff' }]);
  });
});
