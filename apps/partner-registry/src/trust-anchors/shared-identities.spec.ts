import { mintCertificate, type Minted } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer } from '../registry.testing.js';
import { Scene } from '../crls/crls.testing.js';

// Root issued Middle, and Middle issued Lower. What one of them certifies can be accepted under those above it.

let scene: Scene;
let subject: string;
let root: Minted;
let middle: Minted;
let lower: Minted;
let number = 0;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
});

beforeEach(async () => {
  subject = `CN=importer-${++number},O=Acme`;
  root = await authority('CN=Root');
  middle = await authority('CN=Middle', root);
  lower = await authority('CN=Lower', middle);
});

afterAll(() => scene?.registry.stop());

const authority = (name: string, issuer?: Minted) =>
  mintCertificate({ subject: name, authority: true, ...(issuer ? { issuer } : {}) });

/** Of a partner of its own, under anchors of its own. */
async function clientUnder(...anchors: Minted[]) {
  const partner = await scene.partner();
  const ids = await Promise.all(anchors.map((anchor) => scene.anchor(anchor, { partner_id: partner })));
  const id = await scene.client(partner, ids, { tls_client_auth_subject_dn: subject });
  return { id, partner };
}

async function patch({ id }: { id: string }, fields: object): Promise<TestAnswer> {
  const { version } = await scene.read(`/v1/clients/${id}`);
  return scene.registry.patch(`/v1/clients/${id}`, fields, version);
}

const byIdentity = (client: { id: string }) => patch(client, { certificate_policy: 'identity_only' });
const TAKEN = { status: 409, body: { code: 'identity_taken' } };
const GIVEN = { status: 200 };

describe('A38: a subject value stands for one partner wherever one certificate could be accepted for two', () => {
  it('under one authority, registered by each of them as an anchor', async () => {
    expect(await byIdentity(await clientUnder(root))).toMatchObject(GIVEN);
    const second = await clientUnder(root);
    const taken = await byIdentity(second);
    expect(taken).toMatchObject(TAKEN);
    expect(JSON.stringify(taken.body)).not.toMatch(/(cli|ptn|anc)_/);
    expect(await patch(second, { tls_client_auth_subject_dn: 'CN=other' })).toMatchObject(GIVEN);
    expect(await byIdentity(second)).toMatchObject(GIVEN);
    // by changing the name back
    expect(await patch(second, { tls_client_auth_subject_dn: subject.toLowerCase() })).toMatchObject(TAKEN);
  });

  it('under an authority and one below it, whoever comes first', async () => {
    for (const [first, second] of [
      [root, middle],
      [lower, middle],
    ] as const) {
      subject = `CN=importer-${++number},O=Acme`;
      expect(await byIdentity(await clientUnder(first))).toMatchObject(GIVEN);
      expect(await byIdentity(await clientUnder(second))).toMatchObject(TAKEN);
    }
  });

  it('not under authorities that have only their root in common, or only the name', async () => {
    expect(await byIdentity(await clientUnder(middle))).toMatchObject(GIVEN);
    expect(await byIdentity(await clientUnder(await authority('CN=Sibling', root)))).toMatchObject(GIVEN);
    expect(await byIdentity(await clientUnder(await authority('CN=Middle')))).toMatchObject(GIVEN);
  });

  it('over an authority that a third partner has registered', async () => {
    await clientUnder(middle);
    expect(await byIdentity(await clientUnder(root))).toMatchObject(GIVEN);
    expect(await byIdentity(await clientUnder(lower))).toMatchObject(TAKEN);
  });

  it('under an anchor that is added later', async () => {
    const stranger = await authority('CN=Stranger');
    const first = await clientUnder(root);
    const second = await clientUnder(stranger);
    for (const client of [first, second]) expect(await byIdentity(client)).toMatchObject(GIVEN);
    const trust_anchor_id = await scene.anchor(middle, { partner_id: second.partner });
    const path = `/v1/clients/${second.id}/trust-anchors`;
    expect(await scene.registry.post(path, { trust_anchor_id })).toMatchObject(TAKEN);
    const { version } = await scene.read(`/v1/clients/${second.id}`);
    const headers = { 'if-match': `"${version}"` };
    const put = { method: 'PUT' as const, json: { trust_anchor_ids: [trust_anchor_id] }, headers };
    expect(await scene.registry.call(path, put)).toMatchObject(TAKEN);
  });

  it('as soon as an intermediate leads there', async () => {
    const first = await clientUnder(root);
    // what is out of use leads nowhere
    const leaf = await mintCertificate({ subject, issuer: middle });
    const { id } = (await scene.upload(first.id, leaf, middle)).body;
    expect((await scene.registry.act(`/v1/certificates/${id}/supersede`, { reason: 'x' })).status).toBe(200);
    for (const client of [first, await clientUnder(lower)]) expect(await byIdentity(client)).toMatchObject(GIVEN);
    expect(await scene.registry.act(`/v1/certificates/${id}/activate`, { reason: 'x' })).toMatchObject(TAKEN);
    const another = await mintCertificate({ subject, issuer: middle });
    expect(await scene.upload(first.id, another, middle)).toMatchObject(TAKEN);
    const direct = await mintCertificate({ subject, issuer: root });
    expect((await scene.upload(first.id, direct)).status).toBe(201);
  });

  it('for one of two partners who come at the same moment', async () => {
    const clients = await Promise.all([root, middle, lower].map((anchor) => clientUnder(anchor)));
    const answers = await Promise.all(clients.map(byIdentity));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('until nobody is known by it there', async () => {
    const [first, second] = [await clientUnder(root), await clientUnder(middle)];
    expect(await byIdentity(first)).toMatchObject(GIVEN);
    expect(await byIdentity(second)).toMatchObject(TAKEN);
    expect((await scene.registry.act(`/v1/clients/${first.id}/retire`, { reason: 'x' })).status).toBe(200);
    expect(await byIdentity(second)).toMatchObject(GIVEN);
  });
});
