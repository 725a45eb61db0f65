import { createAuthority, type Authority, type Issued, type LeafOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
/** has an intermediate */
let authority: Authority;
let namesake: Authority;
let partner_id: string;
/** of this spec alone: a value stands for one partner wherever one certificate could be accepted for two */
let subject: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  [authority, namesake] = await Promise.all([
    createAuthority({ name: 'Partner Root', intermediate: true }),
    createAuthority({ name: 'Partner Root', intermediate: true }),
  ]);
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  partner_id = await newPartner();
  subject = `CN=importer-${number},O=Acme`;
});

async function newPartner(): Promise<string> {
  return (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })).body.id;
}

async function newClient(fields: object = {}): Promise<string> {
  const request = { partner_id, client_name: 'Importer', tls_client_auth_subject_dn: subject, ...fields };
  const answer = await registry.post('/v1/clients', request);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const registerAnchor = (fields: object = {}) =>
  registry.post('/v1/trust-anchors', { name: 'Root', partner_id, pem: authority.certificatePem, ...fields });

async function newAnchor(fields: object = {}): Promise<string> {
  const answer = await registerAnchor(fields);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const read = async (path: string) => (await registry.call(path)).body;
const versionOf = async (client: string): Promise<number> => (await read(`/v1/clients/${client}`)).version;

async function setAnchors(client: string, trust_anchor_ids: string[]): Promise<TestAnswer> {
  const headers = { 'if-match': `"${await versionOf(client)}"` };
  return registry.call(`/v1/clients/${client}/trust-anchors`, { method: 'PUT', json: { trust_anchor_ids }, headers });
}

const addAnchor = (client: string, id: string) =>
  registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: id });

async function removeAnchor(client: string, id: string): Promise<TestAnswer> {
  const headers = { 'if-match': `"${await versionOf(client)}"` };
  return registry.call(`/v1/clients/${client}/trust-anchors/${id}`, { method: 'DELETE', headers });
}

const upload = (client: string, pem: string) => registry.post(`/v1/clients/${client}/certificates`, { pem });
const setPolicy = async (client: string, certificate_policy: string) =>
  registry.patch(`/v1/clients/${client}`, { certificate_policy }, await versionOf(client));
const retire = (id: string, fields: object = {}) =>
  registry.act(`/v1/trust-anchors/${id}/retire`, { reason: 'Replaced', ...fields });

const failed = ({ body }: TestAnswer): string[] =>
  body.checks.filter(({ result }: { result: string }) => result === 'fail').map(({ id }: { id: string }) => id);

async function published(client: string) {
  const sql = 'SELECT * FROM registry.registered_client WHERE client_id = $1';
  return (await registry.database.query(sql, [client], registry.database.tokenServiceUrl))[0];
}

async function recordsOf(subject: object): Promise<{ kind: string; mode: string }[]> {
  const sql = 'SELECT kind, mode FROM token.revocation WHERE subject = $1';
  return registry.database.query(sql, [JSON.stringify(subject)], registry.database.adminUrl);
}

describe('a trust anchor', () => {
  it('is registered for a partner or shared, changed, listed and found by its key', async () => {
    const owned = await registerAnchor({ crl_mode: 'require' });
    expect(owned).toMatchObject({
      status: 201,
      body: { partner_id, status: 'active', crl_mode: 'require', subject_dn: 'CN=Partner Root', version: 1 },
    });
    const { id, spki_sha256: key } = owned.body;
    expect(await read(`/v1/trust-anchors/${id}`)).toEqual(owned.body);
    expect((await read(`/v1/trust-anchors?partner_id=${partner_id}&spki_sha256=${key}`)).items).toEqual([owned.body]);
    const changed = await registry.patch(`/v1/trust-anchors/${id}`, { name: 'Old root', crl_mode: 'off' }, 1);
    expect(changed).toMatchObject({ status: 200, body: { name: 'Old root', crl_mode: 'off', version: 2 } });
    for (const fields of [
      { pem: namesake.certificatePem },
      { partner_id: null },
      { status: 'retired' },
      { crl_mode: null },
    ]) {
      expect((await registry.patch(`/v1/trust-anchors/${id}`, fields, 2)).status).toBe(400);
    }
    const der = Buffer.from(namesake.certificatePem.replace(/-----.*-----|\s/g, ''), 'base64').toString('base64');
    const shared = await registry.post('/v1/trust-anchors', { name: 'Shared', der });
    expect(shared).toMatchObject({ status: 201, body: { partner_id: null, crl_mode: 'soft' } });
    await retire(shared.body.id);
  });

  it('is the certificate of an authority, in use, with a strong key; its twin that is not is refused by name', async () => {
    const leaf = (options: Partial<LeafOptions>) => authority.issueClient({ subject: 'CN=x', ...options });
    const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
    const cases: [Issued, string[]][] = [
      [await leaf({}), ['authority', 'key_usage']],
      [await leaf({ ca: true, key: 'RSA-1024' }), ['weak_key']],
      [await leaf({ ca: true, subject: '' }), ['subject']],
      [await leaf({ ca: true, ...past }), ['expired']],
    ];
    for (const [{ certificatePem: pem }, expected] of cases) {
      const answer = await registerAnchor({ pem });
      expect(answer).toMatchObject({ status: 422, body: { code: 'trust_anchor_refused' } });
      expect(failed(answer)).toEqual(expected);
    }
    expect((await registerAnchor({ pem: (await leaf({ ca: true })).certificatePem })).status).toBe(201);
    const expired = await createAuthority({ name: 'Old', ...past });
    expect(failed(await registerAnchor({ pem: expired.certificatePem }))).toEqual(['expired']);
    const { privateKeyPem } = await leaf({});
    expect((await registerAnchor({ pem: authority.certificatePem + privateKeyPem })).body.code).toBe(
      'private_key_in_request',
    );
    expect((await registerAnchor({ pem: authority.bundlePem })).body.code).toBe('certificate_bundle');
    for (const fields of [{ pem: 'x' }, { pem: undefined }, { der: 'AAAA' }, { partner_id: 'x' }, { trusted: true }]) {
      expect((await registerAnchor(fields)).status).toBe(400);
    }
    expect((await registerAnchor({ partner_id: `ptn_${'0'.repeat(32)}` })).body.code).toBe('unknown_partner');
  });

  it('is there once per owner and key, also when it comes several times at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => registerAnchor()));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('trust_anchor_known');
    const { id } = answers.find(({ status }) => status === 201)!.body;
    expect((await registerAnchor({ partner_id: await newPartner() })).status).toBe(201);
    const shared = await Promise.all([1, 2].map(() => registerAnchor({ partner_id: undefined })));
    expect(shared.map(({ status }) => status).sort()).toEqual([201, 409]);
    await retire(shared.find(({ status }) => status === 201)!.body.id);
    await retire(id);
    expect((await registerAnchor()).status).toBe(201);
  });
});

describe('the anchors of a client', () => {
  it('are set, added and removed; its ETag is the client’s', async () => {
    const client = await newClient();
    const [one, two] = [await newAnchor(), await newAnchor({ pem: namesake.certificatePem })];
    const set = await setAnchors(client, [one]);
    expect(set).toMatchObject({
      status: 200,
      body: { client_id: client, version: 2, items: [{ id: one }], paths: [] },
    });
    expect(set.headers['etag']).toBe('"2"');
    expect((await addAnchor(client, two)).body.items).toMatchObject([{ id: one }, { id: two }]);
    expect((await addAnchor(client, two)).status).toBe(201);
    expect((await removeAnchor(client, one)).body.items).toMatchObject([{ id: two }]);
    expect((await removeAnchor(client, one)).status).toBe(404);
    expect(await read(`/v1/clients/${client}/trust-anchors`)).toMatchObject({ version: 5, items: [{ id: two }] });
    expect((await setAnchors(client, [])).body.items).toEqual([]);
    const unseen = { method: 'PUT', json: { trust_anchor_ids: [] } } as const;
    expect((await registry.call(`/v1/clients/${client}/trust-anchors`, unseen)).status).toBe(428);
  });

  it('are shared ones and the partner’s own, never another’s, never retired ones', async () => {
    const client = await newClient();
    const foreign = await newAnchor({ partner_id: await newPartner() });
    const shared = await newAnchor({ partner_id: undefined });
    expect((await addAnchor(client, shared)).status).toBe(201);
    for (const id of [foreign, `anc_${'0'.repeat(32)}`]) {
      expect(await addAnchor(client, id)).toMatchObject({
        status: 422,
        body: { code: 'unknown_trust_anchor', errors: [{ pointer: '/trust_anchor_id' }] },
      });
      const both = await setAnchors(client, [shared, id]);
      expect(both.body).toMatchObject({ code: 'unknown_trust_anchor', errors: [{ pointer: '/trust_anchor_ids/1' }] });
    }
    await removeAnchor(client, shared);
    await retire(shared);
    expect((await addAnchor(client, shared)).body.code).toBe('unknown_trust_anchor');
  });
});

describe('the path of a certificate', () => {
  it('ends at one of the client’s anchors; the same names under another key do not', async () => {
    const client = await newClient();
    const anchor = await newAnchor();
    await addAnchor(client, anchor);
    const twin = await namesake.issueClient({ subject });
    const refused = await upload(client, twin.chainPem);
    expect(refused).toMatchObject({ status: 422, body: { code: 'certificate_refused' } });
    expect(failed(refused).every((id) => id.startsWith('path_'))).toBe(true);
    const good = await authority.issueClient({ subject });
    const accepted = await upload(client, good.chainPem);
    expect(accepted).toMatchObject({ status: 201, body: { path_trust_anchor_id: anchor } });
    expect(accepted.body.path_valid_until).toBe(accepted.body.not_after);
    expect(accepted.body.chain).toHaveLength(1);
  });

  it('needs its intermediate once: it is kept and serves the client’s other certificates', async () => {
    const client = await newClient();
    await addAnchor(client, await newAnchor());
    const [first, second] = await Promise.all([1, 2].map(() => authority.issueClient({ subject })));
    expect((await upload(client, first!.certificatePem)).body.code).toBe('certificate_refused');
    expect((await upload(client, first!.chainPem)).status).toBe(201);
    expect(await upload(client, second!.certificatePem)).toMatchObject({ status: 201, body: { chain: [] } });
    const row = await published(client);
    expect(row.intermediates).toEqual([expect.stringMatching(/^MII/)]);
    expect(row.trust_anchors).toMatchObject([{ crl_mode: 'soft' }]);
    expect(Buffer.from(row.trust_anchors[0].certificate, 'base64').toString('base64')).toBe(
      row.trust_anchors[0].certificate,
    );
  });

  it('is not judged without anchors, which is a warning', async () => {
    const { body } = await upload(await newClient(), (await authority.issueClient({ subject })).certificatePem);
    expect(body).toMatchObject({ path_valid_until: null, path_trust_anchor_id: null });
    expect(body.checks).toContainEqual(expect.objectContaining({ id: 'path', result: 'warn' }));
  });

  it('is judged anew when the anchors change, for better and for worse, and the guards hear of it', async () => {
    const client = await newClient();
    const issued = await authority.issueClient({ subject });
    const { body } = await upload(client, issued.chainPem);
    const [wrong, right] = [await newAnchor({ pem: namesake.certificatePem }), await newAnchor()];
    const bound = { thumbprint: issued.thumbprint };
    const lost = await setAnchors(client, [wrong]);
    expect(lost.body.paths).toMatchObject([{ certificate_id: body.id, valid: false, valid_until: null }]);
    expect(await recordsOf(bound)).toEqual([{ kind: 'certificate', mode: 'off' }]);
    const [{ path_valid_until: until }] = (await published(client)).certificates;
    expect(Date.parse(until)).toBeLessThanOrEqual(Date.now());
    const found = await setAnchors(client, [wrong, right]);
    expect(found.body.paths).toMatchObject([{ valid: true, valid_until: body.not_after }]);
    expect(await recordsOf(bound)).toEqual([{ kind: 'certificate', mode: 'cutoff' }]);
    const free = await setAnchors(client, []);
    expect(free.body.paths).toMatchObject([{ valid: null, valid_until: null }]);
    expect((await published(client)).certificates).toMatchObject([{ path_valid_until: null }]);
  });

  it('can be tried: a dry run says what would become of it and changes nothing', async () => {
    const client = await newClient();
    await upload(client, (await authority.issueClient({ subject })).chainPem);
    const wrong = await newAnchor({ pem: namesake.certificatePem });
    const path = `/v1/clients/${client}/trust-anchors`;
    const tried = await registry.post(`${path}?dry_run=true`, { trust_anchor_id: wrong });
    expect(tried.body.paths).toMatchObject([{ valid: false }]);
    expect(await read(path)).toMatchObject({ items: [] });
  });
});

describe('retiring an anchor', () => {
  it('is refused while clients depend on it, who are listed; it is final', async () => {
    const client = await newClient();
    const anchor = await newAnchor();
    await addAnchor(client, anchor);
    await upload(client, (await authority.issueClient({ subject })).chainPem);
    expect(await retire(anchor)).toMatchObject({ status: 409, body: { code: 'trust_anchor_in_use' } });
    expect((await read(`/v1/trust-anchors/${anchor}/dependents`)).items).toEqual([
      {
        client_id: client,
        partner_id,
        client_name: 'Importer',
        status: 'draft',
        certificate_policy: 'registered_only',
        certificates: 1,
        other_anchors: 0,
      },
    ]);
    await removeAnchor(client, anchor);
    expect((await read(`/v1/trust-anchors/${anchor}/dependents`)).items).toEqual([]);
    expect(await retire(anchor)).toMatchObject({ status: 200, body: { status: 'retired', status_reason: 'Replaced' } });
    expect(await retire(anchor)).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    expect((await registry.patch(`/v1/trust-anchors/${anchor}`, { name: 'x' }, 2)).body.code).toBe(
      'invalid_transition',
    );
  });

  it('by force refuses what only it vouched for, keeps what another one does, and frees nobody', async () => {
    const client = await newClient();
    const [lost, kept] = [await newAnchor({ pem: namesake.certificatePem }), await newAnchor()];
    await setAnchors(client, [lost, kept]);
    const [bad, good] = [await namesake.issueClient({ subject }), await authority.issueClient({ subject })];
    await upload(client, bad.chainPem);
    await upload(client, good.chainPem);
    expect((await retire(lost, { force: true })).status).toBe(200);
    const paths = (await published(client)).certificates.map(
      ({ thumbprint, path_valid_until: until }: { thumbprint: string; path_valid_until: string }) =>
        [thumbprint, Date.parse(until) > Date.now()] as const,
    );
    expect(Object.fromEntries(paths)).toEqual({ [bad.thumbprint]: false, [good.thumbprint]: true });
    expect(await recordsOf({ thumbprint: bad.thumbprint })).toEqual([{ kind: 'certificate', mode: 'off' }]);
    expect(await recordsOf({ thumbprint: good.thumbprint })).toEqual([]);
    await retire(kept, { force: true });
    const later = await upload(client, (await authority.issueClient({ subject })).chainPem);
    expect(failed(later)).toEqual(['path_trust_anchor']);
  });
});

describe('the policy identity_only', () => {
  it('needs tls_client_auth, a subject value and an anchor', async () => {
    const client = await newClient();
    const incomplete = {
      status: 422,
      body: { code: 'identity_incomplete', errors: [{ pointer: '/certificate_policy' }] },
    };
    expect(await setPolicy(client, 'identity_only')).toMatchObject(incomplete);
    const anchor = await newAnchor();
    await addAnchor(client, anchor);
    expect(await setPolicy(client, 'identity_only')).toMatchObject({ status: 200 });
    expect((await removeAnchor(client, anchor)).body.code).toBe('identity_incomplete');
    expect((await setAnchors(client, [])).body.code).toBe('identity_incomplete');
    const unnamed = await newClient({ tls_client_auth_subject_dn: undefined });
    await addAnchor(unnamed, anchor);
    expect(await setPolicy(unnamed, 'identity_only')).toMatchObject(incomplete);
    const keys = { tls_client_auth_subject_dn: undefined, token_endpoint_auth_method: 'private_key_jwt' };
    const signing = await newClient({ ...keys, jwks_uri: 'https://acme.example/jwks' });
    await addAnchor(signing, anchor);
    expect(await setPolicy(signing, 'identity_only')).toMatchObject(incomplete);
  });

  it('lets a client be active without a registered certificate', async () => {
    const client = await newClient();
    const activate = () => registry.act(`/v1/clients/${client}/activate`, { reason: 'because' });
    await addAnchor(client, await newAnchor());
    expect((await activate()).body.code).toBe('client_incomplete');
    await setPolicy(client, 'identity_only');
    expect(await activate()).toMatchObject({ status: 200, body: { status: 'active' } });
    expect(await published(client)).toMatchObject({ certificate_policy: 'identity_only', certificates: [] });
  });

  it('can be given to a new client, whose anchor comes before it is activated', async () => {
    const client = await newClient({ certificate_policy: 'identity_only' });
    expect(await read(`/v1/clients/${client}`)).toMatchObject({ certificate_policy: 'identity_only', status: 'draft' });
    const activate = () => registry.act(`/v1/clients/${client}/activate`, { reason: 'because' });
    expect((await activate()).body).toMatchObject({
      code: 'client_incomplete',
      detail: expect.stringMatching(/anchor/),
    });
    const renamed = { tls_client_auth_subject_dn: 'CN=renamed,O=Acme' };
    expect((await registry.patch(`/v1/clients/${client}`, renamed, await versionOf(client))).status).toBe(200);
    expect((await addAnchor(client, await newAnchor())).status).toBe(201);
    expect(await activate()).toMatchObject({ status: 200, body: { status: 'active' } });
    expect(await published(client)).toMatchObject({ certificate_policy: 'identity_only', certificates: [] });
  });

  it('needs a subject value and tls_client_auth of a new client too', async () => {
    const common = { partner_id, client_name: 'Importer', certificate_policy: 'identity_only' };
    const signing = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://acme.example/jwks' };
    for (const client of [common, { ...common, ...signing }]) {
      expect(await registry.post('/v1/clients', client)).toMatchObject({
        status: 422,
        body: { code: 'identity_incomplete', errors: [{ pointer: '/certificate_policy' }] },
      });
    }
    const unknown = await registry.post('/v1/clients', { ...common, certificate_policy: 'any' });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('makes a subject value one partner’s as soon as a new client has an anchor', async () => {
    const { certificatePem: pem } = await createAuthority({ name: 'Shared' });
    const anchor = await newAnchor({ partner_id: undefined, pem });
    const known = { certificate_policy: 'identity_only', tls_client_auth_subject_dn: 'CN=once,O=Acme' };
    expect((await addAnchor(await newClient(known), anchor)).status).toBe(201);
    const second = await newClient({ ...known, partner_id: await newPartner() });
    expect((await addAnchor(second, anchor)).body.code).toBe('identity_taken');
  });

  const identityClient = async (anchor: string, name = subject, owner = partner_id) => {
    const client = await newClient({ partner_id: owner, tls_client_auth_subject_dn: name });
    expect((await addAnchor(client, anchor)).status).toBe(201);
    return client;
  };

  it('makes a subject value one partner’s under an anchor, in whatever spelling', async () => {
    const anchor = await newAnchor({ partner_id: undefined });
    const stranger = await newPartner();
    const first = await identityClient(anchor);
    expect((await setPolicy(first, 'identity_only')).status).toBe(200);
    const second = await identityClient(anchor, subject.toUpperCase(), stranger);
    const taken = await setPolicy(second, 'identity_only');
    expect(taken).toMatchObject({ status: 409, body: { code: 'identity_taken' } });
    expect(JSON.stringify(taken.body)).not.toMatch(/(cli|ptn|anc)_/);
    expect(await read(`/v1/clients/${second}`)).toMatchObject({ certificate_policy: 'registered_only' });
    const own = await identityClient(anchor);
    expect((await setPolicy(own, 'identity_only')).status).toBe(200);
    const other = await identityClient(anchor, 'CN=importer,O=Globex', stranger);
    expect((await setPolicy(other, 'identity_only')).status).toBe(200);
    const rename = { tls_client_auth_subject_dn: subject };
    const renamed = await registry.patch(`/v1/clients/${other}`, rename, await versionOf(other));
    expect(renamed.body.code).toBe('identity_taken');
    await retire(anchor, { force: true });
  });

  it('gives the value to one of two partners who come at the same moment', async () => {
    const anchor = await newAnchor({ partner_id: undefined });
    const owners = await Promise.all([1, 2, 3, 4].map(newPartner));
    const clients = await Promise.all(owners.map((owner) => identityClient(anchor, subject, owner)));
    const answers = await Promise.all(clients.map((client) => setPolicy(client, 'identity_only')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    await retire(anchor, { force: true });
  });

  it('lets the value go when nobody is known by it any more', async () => {
    const anchor = await newAnchor({ partner_id: undefined });
    const stranger = await newPartner();
    const second = await identityClient(anchor, subject, stranger);
    for (const release of [
      (client: string) => registry.act(`/v1/clients/${client}/retire`, { reason: 'over' }),
      (client: string) => setPolicy(client, 'registered_only'),
    ]) {
      const first = await identityClient(anchor);
      expect((await setPolicy(first, 'identity_only')).status).toBe(200);
      expect((await setPolicy(second, 'identity_only')).status).toBe(409);
      expect((await release(first)).status).toBe(200);
      expect((await setPolicy(second, 'identity_only')).status).toBe(200);
      expect((await setPolicy(second, 'registered_only')).status).toBe(200);
    }
    await retire(anchor, { force: true });
  });

  it('is taken under an anchor that is added later, too', async () => {
    const own = await newAnchor({ pem: namesake.certificatePem });
    const shared = await newAnchor({ partner_id: undefined });
    const first = await identityClient(shared, subject, await newPartner());
    await setPolicy(first, 'identity_only');
    const second = await identityClient(own);
    expect((await setPolicy(second, 'identity_only')).status).toBe(200);
    expect(await addAnchor(second, shared)).toMatchObject({ status: 409, body: { code: 'identity_taken' } });
    await retire(shared, { force: true });
  });

  it('accepts every certificate of the subject, so one is kept out by revoking it only', async () => {
    const client = await identityClient(await newAnchor());
    const issued = await authority.issueClient({ subject });
    const { id } = (await upload(client, issued.chainPem)).body;
    await setPolicy(client, 'identity_only');
    const out = (action: string) => registry.act(`/v1/certificates/${id}/${action}`, { reason: 'superseded' });
    expect(await out('supersede')).toMatchObject({ status: 409, body: { code: 'certificates_unused' } });
    expect((await out('revoke')).status).toBe(200);
    expect((await published(client)).revoked_certificates).toMatchObject([{ thumbprint: issued.thumbprint }]);
  });

  it('ends every token when its anchor goes: none of its certificates was registered', async () => {
    const anchor = await newAnchor();
    const client = await identityClient(anchor);
    await setPolicy(client, 'identity_only');
    await registry.act(`/v1/clients/${client}/activate`, { reason: 'because' });
    await retire(anchor, { force: true });
    expect(await recordsOf({ client_id: client })).toEqual([{ kind: 'client', mode: 'cutoff' }]);
    expect((await published(client)).trust_anchors).toEqual([]);
  });
});

describe('lists and access', () => {
  it('refuses filters it does not know', async () => {
    for (const query of ['name=x', 'status=gone', 'spki_sha256=x']) {
      expect((await registry.call(`/v1/trust-anchors?${query}`)).status).toBe(400);
    }
    expect((await registry.call(`/v1/trust-anchors/anc_${'0'.repeat(32)}/dependents`)).status).toBe(404);
  });
});
