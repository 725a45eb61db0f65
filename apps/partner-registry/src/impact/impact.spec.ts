import {
  createAuthority,
  mintCertificate,
  mintCrl,
  type Authority,
  type Issued,
  type Minted,
} from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SHIPMENTS, startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

const HOUR = 3_600_000;

let registry: TestRegistry;
/** has an intermediate */
let authority: Authority;
let other: Authority;
let partner: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  [authority, other] = await Promise.all([
    createAuthority({ name: 'Partner Root', intermediate: true }),
    createAuthority({ name: 'Other Root', intermediate: true }),
  ]);
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  partner = await newPartner();
});

const idOf = (answer: TestAnswer): string => {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body.id;
};
const act = async (path: string, body: object = { reason: 'because' }) => void idOf(await registry.act(path, body));
const read = async (path: string) => (await registry.call(path)).body;

async function newPartner(): Promise<string> {
  const id = idOf(await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: `Acme ${number}` }));
  await act(`/v1/partners/${id}/activate`);
  return id;
}

const newAnchor = async ({ certificatePem: pem }: { certificatePem: string }, fields: object = {}): Promise<string> =>
  idOf(await registry.post('/v1/trust-anchors', { name: 'Root', partner_id: partner, pem, ...fields }));

interface Given {
  anchors?: readonly string[];
  certificates?: readonly Pick<Authority, 'issueClient'>[];
  policy?: 'registered_only' | 'identity_only';
  draft?: boolean;
}

interface Made {
  id: string;
  certificates: string[];
  issued: Issued[];
}

async function newClient(given: Given = {}): Promise<Made> {
  const { anchors = [], certificates: from = [authority], policy = 'registered_only', draft = false } = given;
  const subject = `CN=importer-${++number},O=Acme`;
  const fields = { client_name: `Importer ${number}`, environment: 'production', tls_client_auth_subject_dn: subject };
  const id = idOf(await registry.post('/v1/clients', { partner_id: partner, ...fields }));
  for (const anchor of anchors) {
    await registry.post(`/v1/clients/${id}/trust-anchors`, { trust_anchor_id: anchor });
  }
  if (policy === 'identity_only') {
    const { version } = await read(`/v1/clients/${id}`);
    idOf(await registry.patch(`/v1/clients/${id}`, { certificate_policy: policy }, version));
  }
  const issued = await Promise.all(from.map((authority) => authority.issueClient({ subject })));
  const certificates: string[] = [];
  for (const { chainPem: pem } of issued) {
    certificates.push(idOf(await registry.post(`/v1/clients/${id}/certificates`, { pem })));
  }
  if (!draft) await act(`/v1/clients/${id}/activate`);
  return { id, certificates, issued };
}

interface Predicted {
  client_id: string;
  effect: string;
  lost_certificates: number;
  usable_certificates: number;
  [more: string]: unknown;
}

async function impact(path: string): Promise<{ totals: Record<string, number>; items: Predicted[] }> {
  const answer = await registry.call(path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

/** What the token service would make of a client now, out of what is published to it. */
async function published(id: string) {
  const sql = 'SELECT * FROM registry.registered_client WHERE client_id = $1';
  const [row] = await registry.database.query(sql, [id], registry.database.tokenServiceUrl);
  const now = Date.now();
  const ahead = (text: string | null) => text === null || Date.parse(text) > now;
  const good = row.certificates.filter(
    (certificate: Record<string, string>) =>
      Date.parse(certificate['not_before']!) <= now &&
      [certificate['not_after'], certificate['retire_at'], certificate['path_valid_until']].every((end) => ahead(end!)),
  ).length;
  const vouches = ({ crl_mode: mode, crls }: Record<string, string>) => mode !== 'require' || crls!.length > 0;
  const anchors = row.trust_anchors.filter(vouches).length;
  const identity = row.certificate_policy === 'identity_only';
  return { able: row.usable && (identity ? anchors : good) > 0, good, anchors: identity ? anchors : 0 };
}

/** Asks what a change would break, makes it, and holds what was said against what the token service reads. */
async function foretold(ids: readonly string[], path: string, change: () => Promise<unknown>) {
  const before = await Promise.all(ids.map(published));
  const { totals, items } = await impact(path);
  expect(await Promise.all(ids.map(published)), 'asking changed something').toEqual(before);
  await change();
  const said = items.map(({ client_id, effect, usable_certificates, lost_certificates }) => {
    return { client_id, effect, usable_certificates, lost_certificates };
  });
  // what a task has to follow up on comes true within seconds
  const became = await vi.waitFor(
    async () => {
      const found = outcome(ids, before, await Promise.all(ids.map(published)));
      expect(said).toEqual(found);
      return found;
    },
    { timeout: 240_000 },
  );
  const those = (effect: string) => became.filter((client) => client.effect === effect).length;
  expect(totals).toMatchObject({
    clients: ids.length,
    undecided: 0,
    none: those('none'),
    cut_off: those('cut_off'),
    loses_certificates: those('loses_certificates'),
  });
  return { totals, items, effects: became.map(({ effect }) => effect) };
}

type Published = Awaited<ReturnType<typeof published>>;

function outcome(ids: readonly string[], before: readonly Published[], after: readonly Published[]) {
  return ids.map((client_id, at) => {
    const [was, is] = [before[at]!, after[at]!];
    const fewer = is.good < was.good || is.anchors < was.anchors;
    const effect = was.able && !is.able ? 'cut_off' : fewer ? 'loses_certificates' : 'none';
    return { client_id, effect, usable_certificates: is.good, lost_certificates: Math.max(0, was.good - is.good) };
  });
}

describe('what a change would break is what it breaks', () => {
  /** One client of every kind under one anchor. */
  async function everyKind() {
    const [anchor, stranger] = [await newAnchor(authority), await newAnchor(other)];
    const below = await newAnchor({ certificatePem: authority.bundlePem.split(/(?=-----BEGIN)/)[1]! });
    const clients = [
      await newClient({ anchors: [anchor] }),
      await newClient({ anchors: [anchor, below] }),
      await newClient({ anchors: [anchor, stranger] }),
      await newClient({ anchors: [anchor, stranger], certificates: [authority, other] }),
      await newClient({ anchors: [anchor], policy: 'identity_only', certificates: [] }),
      await newClient({ anchors: [anchor, stranger], policy: 'identity_only', certificates: [] }),
      await newClient({ anchors: [anchor], draft: true }),
      await newClient({ anchors: [anchor], draft: true, certificates: [] }),
    ];
    return { anchor, ids: clients.map(({ id }) => id) };
  }

  it('retiring an anchor', async () => {
    const { anchor, ids } = await everyKind();
    const { effects, items } = await foretold(ids, `/v1/trust-anchors/${anchor}/impact?change=retire`, () =>
      act(`/v1/trust-anchors/${anchor}/retire`, { reason: 'old', force: true }),
    );
    expect(effects).toEqual([
      ...['cut_off', 'none', 'cut_off', 'loses_certificates', 'cut_off', 'loses_certificates'],
      ...['loses_certificates', 'none'],
    ]);
    const tokens = items.map((item) => item['tokens']);
    expect(tokens.slice(0, 2)).toEqual(['refused_if_bound_to_lost', 'kept']);
    expect(tokens.slice(4, 6)).toEqual(['refused', 'refused']);
  });

  it.each(['require', 'soft', 'off'])('the crl_mode of an anchor: %s, with no list at all', async (crl_mode) => {
    const { anchor, ids } = await everyKind();
    await foretold(ids, `/v1/trust-anchors/${anchor}/impact?change=crl_mode:${crl_mode}`, async () =>
      idOf(await registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode }, 1)),
    );
  });

  it.each([
    ['fresh', HOUR, ['none', 'cut_off']],
    ['stale', -HOUR / 2, ['cut_off', 'cut_off']],
  ])('a CRL that comes to count, %s: what it names, and what it no longer vouches for', async (_, left, effects) => {
    const root = await mintCertificate({ subject: 'CN=Listed Root', authority: true });
    const issued: Minted[] = [];
    const issueClient = async ({ subject }: { subject: string }) => {
      issued.push(await mintCertificate({ subject, issuer: root }));
      return issued.at(-1)!;
    };
    const anchor = await newAnchor(root, { crl_mode: 'off' });
    const clients = [];
    for (const anchors of [[anchor], [anchor]])
      clients.push(await newClient({ anchors, certificates: [{ issueClient }] }));
    const revoked = [{ serial: issued[1]!.serial }];
    const der = mintCrl({ issuer: root, revoked, nextUpdate: new Date(Date.now() + left) });
    const raw = { type: 'application/pkix-crl', text: der };
    idOf(await registry.call(`/v1/trust-anchors/${anchor}/crls`, { method: 'POST', raw }));
    const { version } = await read(`/v1/trust-anchors/${anchor}`);
    const path = `/v1/trust-anchors/${anchor}/impact?change=crl_mode:require`;
    const { effects: found } = await foretold(
      clients.map(({ id }) => id),
      path,
      async () => idOf(await registry.patch(`/v1/trust-anchors/${anchor}`, { crl_mode: 'require' }, version)),
    );
    expect(found).toEqual(effects);
  });

  it.each(['suspend', 'offboard'])('what is done to a partner: %s', async (action) => {
    const { ids } = await everyKind();
    const suspended = await newClient();
    await act(`/v1/clients/${suspended.id}/suspend`);
    const { effects, items } = await foretold(
      [...ids, suspended.id],
      `/v1/partners/${partner}/impact?change=${action}`,
      () => act(`/v1/partners/${partner}/${action}`),
    );
    expect(effects.filter((effect) => effect === 'cut_off')).toHaveLength(6);
    expect(new Set(items.map((item) => item['tokens']))).toEqual(new Set(['refused']));
  });

  it.each(['suspend', 'retire'])('what is done to a client: %s', async (action) => {
    const { id } = await newClient();
    const { effects } = await foretold([id], `/v1/clients/${id}/impact?change=${action}`, () =>
      act(`/v1/clients/${id}/${action}`),
    );
    expect(effects).toEqual(['cut_off']);
  });

  it('taking an anchor from a client, with one left and without', async () => {
    const [anchor, stranger] = [await newAnchor(authority), await newAnchor(other)];
    const remove = async (id: string) => {
      const headers = { 'if-match': `"${(await read(`/v1/clients/${id}`)).version}"` };
      const answer = await registry.call(`/v1/clients/${id}/trust-anchors/${anchor}`, { method: 'DELETE', headers });
      expect(answer.status).toBe(200);
    };
    const effectFor = async ({ id }: Made) => {
      const path = `/v1/clients/${id}/impact?change=unlink_trust_anchor&trust_anchor_id=${anchor}`;
      return (await foretold([id], path, () => remove(id))).effects;
    };
    expect(await effectFor(await newClient({ anchors: [anchor, stranger] }))).toEqual(['cut_off']);
    // without any anchor paths are not judged at all
    expect(await effectFor(await newClient({ anchors: [anchor] }))).toEqual(['none']);
  });

  it('the certificate policy of a client', async () => {
    const anchor = await newAnchor(authority);
    const policy = async (id: string, certificate_policy: string) => {
      const { version } = await read(`/v1/clients/${id}`);
      return foretold([id], `/v1/clients/${id}/impact?change=certificate_policy:${certificate_policy}`, async () =>
        idOf(await registry.patch(`/v1/clients/${id}`, { certificate_policy }, version)),
      );
    };
    const { id } = await newClient({ anchors: [anchor], policy: 'identity_only', certificates: [] });
    expect((await policy(id, 'registered_only')).items).toMatchObject([{ effect: 'cut_off', tokens: 'refused' }]);
    const { id: registered } = await newClient({ anchors: [anchor] });
    expect((await policy(registered, 'identity_only')).effects).toEqual(['none']);
  });

  it('what is done to a certificate: one of two, then the last one', async () => {
    const { id, certificates } = await newClient({ certificates: [authority, authority] });
    const [first, last] = certificates;
    const { effects } = await foretold([id], `/v1/certificates/${first}/impact?change=supersede`, () =>
      act(`/v1/certificates/${first}/supersede`),
    );
    expect(effects).toEqual(['loses_certificates']);
    const again = await foretold([id], `/v1/certificates/${last}/impact?change=revoke`, () =>
      act(`/v1/certificates/${last}/revoke`, { reason: 'unspecified' }),
    );
    expect(again.items).toMatchObject([{ effect: 'cut_off', tokens: 'refused_if_bound_to_lost' }]);
  });

  it('a compromised key: every client that uses it', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const [one, two] = [
      await newClient({ certificates: [], draft: true }),
      await newClient({ certificates: [], draft: true }),
    ];
    const ids: string[] = [];
    for (const { id } of [one, two]) {
      const { tls_client_auth_subject_dn: subject } = await read(`/v1/clients/${id}`);
      const { certificatePem: pem } = await authority.issueClient({ subject, keys });
      ids.push(idOf(await registry.post(`/v1/clients/${id}/certificates`, { pem })));
      await act(`/v1/clients/${id}/activate`);
    }
    const path = `/v1/certificates/${ids[0]}/impact?change=`;
    expect((await impact(`${path}revoke`)).totals).toMatchObject({ clients: 1, cut_off: 1 });
    const { effects } = await foretold([one.id, two.id], `${path}revoke:key_compromise`, () =>
      act(`/v1/certificates/${ids[0]}/revoke`, { reason: 'key_compromise' }),
    );
    expect(effects).toEqual(['cut_off', 'cut_off']);
  });
});

describe('of each client it says', () => {
  it('who it is, what it may, when it was last seen, and whether it has a token', async () => {
    const { id, issued } = await newClient();
    await registry.post(`/v1/clients/${id}/scopes`, {
      audience: SHIPMENTS,
      scopes: ['shipments:read', 'shipments:write'],
    });
    const ask = async () => impact(`/v1/clients/${id}/impact?change=suspend`);
    expect(await ask()).toMatchObject({
      totals: { cut_off: 1, cut_off_used_last_7_days: 0 },
      items: [
        {
          client_id: id,
          partner_id: partner,
          environment: 'production',
          status: 'active',
          certificate_policy: 'registered_only',
          last_seen_at: null,
          live_tokens: false,
          more_grants: false,
          grants: [{ audience: SHIPMENTS, scopes: ['shipments:read', 'shipments:write'] }],
        },
      ],
    });
    const lately = new Date(Date.now() - 3_600_000);
    await seen(issued[0]!, lately);
    await granted(id, issued[0]!, new Date());
    expect(await ask()).toMatchObject({
      totals: { cut_off_used_last_7_days: 1 },
      items: [{ last_seen_at: lately.toISOString(), live_tokens: true }],
    });
    await seen(issued[0]!, new Date(Date.now() - 8 * 86_400_000));
    expect((await ask()).totals).toMatchObject({ cut_off: 1, cut_off_used_last_7_days: 0 });
  });

  it('that a client known by its identity was seen, with whatever certificate', async () => {
    const anchor = await newAnchor(authority);
    const { id } = await newClient({ anchors: [anchor], policy: 'identity_only', certificates: [] });
    const once = new Date(Date.now() - 86_400_000);
    await granted(id, await authority.issueClient({ subject: 'CN=x' }), once);
    expect(await impact(`/v1/trust-anchors/${anchor}/impact?change=retire`)).toMatchObject({
      totals: { cut_off: 1, cut_off_used_last_7_days: 1 },
      items: [{ last_seen_at: once.toISOString(), live_tokens: false }],
    });
  });

  const seen = ({ thumbprint }: Issued, at: Date) =>
    registry.database.query(
      `INSERT INTO token.certificate_seen VALUES ($1, $2, $2) ON CONFLICT (thumbprint) DO UPDATE SET last_seen_at = $2`,
      [thumbprint, at],
      registry.database.adminUrl,
    );
  const granted = (client: string, { thumbprint }: Issued, at: Date) =>
    registry.database.query(
      `INSERT INTO token.authentication_event (occurred_at, request_id, outcome, client_id, authenticated, thumbprint, expires_at)
       VALUES ($1, $2, 'granted', $3, true, $4, $5)`,
      [at, `req_${++number}`, client, thumbprint, new Date(at.getTime() + 300_000)],
      registry.database.adminUrl,
    );
});

describe('an answer', () => {
  it('comes in pages, with the totals of all on the first', async () => {
    const anchor = await newAnchor(authority);
    const clients = [];
    for (const anchors of [[anchor], [anchor], [anchor]]) clients.push(await newClient({ anchors }));
    const path = `/v1/trust-anchors/${anchor}/impact?change=retire&limit=2`;
    const first = await registry.call(path);
    expect(first.body.items.map((item: Predicted) => item.client_id)).toEqual(clients.slice(0, 2).map(({ id }) => id));
    expect(first.body.totals).toMatchObject({ clients: 3, cut_off: 3 });
    expect(first.headers['link']).toContain('rel="next"');
    const next = await read(`${path}&cursor=${first.body.next_cursor}`);
    expect(next).toMatchObject({ totals: null, items: [{ client_id: clients[2]!.id }], next_cursor: null });
  });

  it('is empty where nobody is concerned', async () => {
    const anchor = await newAnchor(authority);
    expect(await read(`/v1/trust-anchors/${anchor}/impact?change=retire`)).toEqual({
      totals: {
        clients: 0,
        cut_off: 0,
        cut_off_used_last_7_days: 0,
        loses_certificates: 0,
        loses_default_audience: 0,
        none: 0,
        undecided: 0,
      },
      items: [],
      next_cursor: null,
    });
  });

  it('leaves no trace: no audit event, no change, nothing for the guards', async () => {
    const { id } = await newClient();
    const { adminUrl } = registry.database;
    const heads = () =>
      registry.database.query(
        `SELECT (SELECT max(seq) FROM registry.audit_events WHERE canonical NOT LIKE '%certificate.expires_soon%') AS audit,
          (SELECT max(seq) FROM registry.outbox_events WHERE type <> 'certificate.expires_soon') AS outbox,
          (SELECT max(seq) FROM token.revocation) AS revocations, (SELECT version FROM registry.clients WHERE client_id = $1) AS v`,
        [id],
        adminUrl,
      );
    const before = await heads();
    await impact(`/v1/clients/${id}/impact?change=retire`);
    await impact(`/v1/partners/${partner}/impact?change=offboard`);
    expect(await heads()).toEqual(before);
  });

  it('is the refusal that the change would meet', async () => {
    const anchor = await newAnchor(authority);
    await act(`/v1/trust-anchors/${anchor}/retire`, { reason: 'old' });
    const { id } = await newClient({ draft: true });
    const refusals: [string, number, string][] = [
      [`/v1/trust-anchors/${anchor}/impact?change=retire`, 409, 'invalid_transition'],
      [`/v1/clients/${id}/impact?change=suspend`, 409, 'invalid_transition'],
      [`/v1/clients/${registry.operatorClientId}/impact?change=suspend`, 409, 'last_operator'],
      [`/v1/clients/${registry.registryClientId}/impact?change=retire`, 409, 'registry_client_needed'],
      [`/v1/clients/${id}/impact?change=certificate_policy:identity_only`, 422, 'identity_incomplete'],
      [`/v1/clients/${id}/impact?change=unlink_trust_anchor&trust_anchor_id=${anchor}`, 404, 'not_found'],
      [`/v1/partners/ptn_${'0'.repeat(32)}/impact?change=suspend`, 404, 'not_found'],
      [`/v1/certificates/crt_${'0'.repeat(32)}/impact?change=revoke`, 404, 'not_found'],
      [`/v1/trust-anchors/${anchor}/impact`, 400, 'invalid_request'],
      [`/v1/trust-anchors/${anchor}/impact?change=explode`, 400, 'invalid_request'],
      [`/v1/clients/${id}/impact?change=unlink_trust_anchor`, 400, 'invalid_request'],
      [`/v1/clients/${id}/impact?change=suspend&trust_anchor_id=${anchor}`, 400, 'invalid_request'],
    ];
    for (const [path, status, code] of refusals) {
      expect(await registry.call(path), path).toMatchObject({ status, body: { code } });
    }
  });

  it('on every page: the last operator is looked at with each', async () => {
    const anchor = await newAnchor(registry.authority, { partner_id: undefined });
    for (const anchors of [[anchor], [anchor]]) await newClient({ anchors, certificates: [registry.authority] });
    const link = `/v1/clients/${registry.operatorClientId}/trust-anchors`;
    expect((await registry.post(link, { trust_anchor_id: anchor })).status).toBe(201);
    const path = `/v1/trust-anchors/${anchor}/impact?change=retire&limit=1`;
    expect(await registry.call(path)).toMatchObject({ status: 409, body: { code: 'last_operator' } });
  });

  it('is for whoever may read, and does not need the right to make the change', async () => {
    const { id } = await newClient();
    const ask = async (...scopes: string[]) =>
      registry.call(`/v1/partners/${partner}/impact?change=suspend`, { token: await registry.tokenWith(...scopes) });
    expect((await ask('registry:partners:read')).status).toBe(403);
    expect((await ask('registry:clients:read')).status).toBe(403);
    expect(await ask('registry:partners:read', 'registry:clients:read')).toMatchObject({
      status: 200,
      body: { items: [{ client_id: id }] },
    });
    const operators = await registry.call(`/v1/clients/${registry.operatorClientId}/impact?change=retire`, {
      token: await registry.tokenWith('registry:clients:read'),
    });
    expect(operators.body.code).toBe('last_operator');
  });
});
