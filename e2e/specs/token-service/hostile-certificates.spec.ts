import { mintCertificate, type Issued, type Minted, type MintOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../stack/admin/https-client.js';
import { onceFelt } from '../../stack/admin/once-felt.js';
import { textIn } from '../../stack/admin/operator.js';
import { StackUnderTest } from '../black-box/stack-under-test.js';
import { onboardClient, onboardOwner, registerAnchor } from './onboard-client.js';
import { StoredAttempts } from './stored-attempts.js';

const DN = 'CN=importer,OU=Integration,O=Hostile certificates';
const DNS = 'importer.hostile.example';
const URI = 'spiffe://hostile.example/importer';
const IP = '192.0.2.7';
const EMAIL = 'Importer@hostile.example';

// Without it our own TLS would not show the weak ones. It is the same for both twins.
const SHOWS_ANYTHING = 'DEFAULT@SECLEVEL=0';

type Kind = 'dn' | 'dns' | 'uri' | 'ip' | 'email';

// Under `registered_only` any certificate that is not registered fails anyway; here the certificate itself decides.
describe('POST /token, a client known by its identity', () => {
  const stack = new StackUnderTest();
  const { operator, running } = stack;
  const stored = new StoredAttempts(running.databaseAdminUrl);
  const audience = running.urls.resource;
  const clients = {} as Record<Kind, string>;
  let partnerId: string;
  let root: Minted;

  beforeAll(async () => {
    await stored.open();
    root = await mintCertificate({ subject: 'CN=Hostile Spec CA', authority: true });
    partnerId = await onboardOwner(operator);
    const trustAnchorId = await registerAnchor(operator, partnerId, root);
    const known = async (field: string, value: string): Promise<string> =>
      onboardClient(operator, { partnerId, audience, trustAnchorId, fields: { [field]: value } });
    clients.dn = await known('tls_client_auth_subject_dn', DN);
    clients.dns = await known('tls_client_auth_san_dns', DNS);
    clients.uri = await known('tls_client_auth_san_uri', URI);
    clients.ip = await known('tls_client_auth_san_ip', IP);
    clients.email = await known('tls_client_auth_san_email', EMAIL);
  });
  afterAll(() => stored.close());

  const mint = (options: Partial<MintOptions> = {}): Promise<Minted> =>
    mintCertificate({ subject: DN, issuer: root, ...options });
  const ask = (kind: Kind, { chainPem, privateKeyPem }: Issued): Promise<Answer> =>
    stack.token(clients[kind], { chainPem, privateKeyPem, ciphers: SHOWS_ANYTHING });

  async function expectRefused(kind: Kind, presented: Issued, check: string, asked = ask(kind, presented)) {
    const answer = await asked;
    expect([answer.status, answer.body['error']], answer.text).toEqual([401, 'invalid_client']);
    expect(answer.body['access_token']).toBeUndefined();
    expect(stack.refusedBy('token-service', answer)).toBe(check);
    expect(answer.text).not.toContain(check);
    const ended = { outcome: 'refused', error: 'invalid_client', failed_check: check, authenticated: false };
    expect(await stored.of(answer)).toEqual({ ...ended, client_id: clients[kind], thumbprint: null });
  }

  async function expectToken(kind: Kind, presented: Issued, asked = ask(kind, presented)): Promise<void> {
    const answer = await asked;
    expect(answer.status, answer.text).toBe(200);
    const claims = textIn(answer, 'access_token').split('.')[1]!;
    const { cnf, client_id } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    expect([client_id, cnf]).toEqual([clients[kind], { 'x5t#S256': presented.thumbprint }]);
  }

  describe('A12, A14: an authority that is not the pinned one', () => {
    it.each<[string, () => Promise<Partial<MintOptions>>, string]>([
      [
        'the same DN under another authority of the same name',
        async () => ({ issuer: await mintCertificate({ subject: 'CN=Hostile Spec CA', authority: true }) }),
        'path_no_issuer',
      ],
      [
        "the same, claiming the pinned authority's key",
        async () => ({
          issuer: await mintCertificate({ subject: 'CN=Hostile Spec CA', authority: true }),
          authorityKeyIdentifier: root.keyIdentifier,
        }),
        'path_signature',
      ],
      ['the same DN signed by itself', async () => ({ issuer: undefined }), 'path_untrusted_root'],
      ['a signature with one wrong bit', async () => ({ forged: true }), 'path_signature'],
    ])('%s', async (_, bad, check) => {
      await expectRefused('dn', await mint(await bad()), check);
      await expectToken('dn', await mint());
    });

    it("A14: another partner's authority, which is nobody's but that partner's", async () => {
      const theirs = await mintCertificate({ subject: 'CN=Hostile Spec CA', authority: true });
      const neighbour = await onboardOwner(operator);
      const trustAnchorId = await registerAnchor(operator, neighbour, theirs);
      const fields = { tls_client_auth_subject_dn: DN };
      const other = await onboardClient(operator, { partnerId: neighbour, audience, trustAnchorId, fields });
      const presented = await mint({ issuer: theirs });
      expect((await stack.token(other, presented)).status).toBe(200);
      await expectRefused('dn', presented, 'path_no_issuer');
      await expectToken('dn', await mint());
    });
  });

  it.each<[string, string, string]>([
    ['re-ordered RDNs', 'O=Hostile certificates,OU=Integration,CN=importer', DN],
    ['an extra OU', 'CN=importer,OU=Integration,OU=Evil,O=Hostile certificates', DN],
    ['an OU less', 'CN=importer,O=Hostile certificates', DN],
    ['a second CN behind it', 'CN=importer,CN=evil,OU=Integration,O=Hostile certificates', DN],
    ['the registered CN as the second', 'CN=evil,CN=importer,OU=Integration,O=Hostile certificates', DN],
    ['a multi-valued RDN of the same attributes', 'CN=importer+OU=Integration,O=Hostile certificates', DN],
    ['one more value in an RDN', 'CN=importer+UID=evil,OU=Integration,O=Hostile certificates', DN],
    ['a comma within a value', 'CN=importer\\,OU=Integration,O=Hostile certificates', DN],
    ['a NUL within a value', 'CN=importer\\00evil,OU=Integration,O=Hostile certificates', DN],
    ['a letter of another alphabet', 'CN=imp\u043Erter,OU=Integration,O=Hostile certificates', DN],
    ['another name, its twin in other case', 'CN=exporter', DN.toUpperCase()],
  ])('A12: a DN with %s', async (_, bad, good) => {
    await expectRefused('dn', await mint({ subject: bad }), 'subject_dn_mismatch');
    await expectToken('dn', await mint({ subject: good }));
  });

  it.each<[string, Kind, NonNullable<MintOptions['names']>, NonNullable<MintOptions['names']>, string]>([
    ['a NUL behind the DNS name', 'dns', [{ dns: `${DNS}\0.evil.example` }], [{ dns: DNS }], 'san_dns_mismatch'],
    ['a NUL before it', 'dns', [{ dns: `evil.example\0${DNS}` }], [{ dns: DNS }], 'san_dns_mismatch'],
    ['a NUL behind the URI', 'uri', [{ uri: `${URI}\0` }], [{ uri: URI }], 'san_uri_mismatch'],
    ['a look-alike of ASCII', 'dns', [{ dns: `lm${DNS.slice(2)}` }], [{ dns: DNS }], 'san_dns_mismatch'],
    [
      'a look-alike in punycode',
      'dns',
      [{ dns: `xn--imprter-1fg${DNS.slice(8)}` }],
      [{ dns: DNS }],
      'san_dns_mismatch',
    ],
    [
      'a letter beyond ASCII',
      'dns',
      [{ dns: `imp\u00f6rter${DNS.slice(8)}` }],
      [{ dns: DNS }],
      'certificate_malformed',
    ],
    ['a wildcard that would match', 'dns', [{ dns: `*${DNS.slice(8)}` }], [{ dns: DNS }], 'san_dns_mismatch'],
    ['a wildcard within the label', 'dns', [{ dns: `import*${DNS.slice(8)}` }], [{ dns: DNS }], 'san_dns_mismatch'],
    ['another suffix', 'dns', [{ dns: `${DNS}.evil.example` }], [{ dns: DNS.toUpperCase() }], 'san_dns_mismatch'],
    ['a trailing dot', 'dns', [{ dns: `${DNS}.` }], [{ dns: DNS }], 'san_dns_mismatch'],
    ['another case in a URI', 'uri', [{ uri: URI.toUpperCase() }], [{ uri: URI }], 'san_uri_mismatch'],
    ['the name as another kind', 'uri', [{ dns: URI }, { email: URI }], [{ uri: URI }], 'san_uri_mismatch'],
    ['an address that maps it', 'ip', [{ ip: '::ffff:c000:207' }], [{ ip: IP }], 'san_ip_mismatch'],
    ['an address written as a DNS name', 'ip', [{ dns: IP }], [{ ip: IP }], 'san_ip_mismatch'],
    [
      'another case in the local part',
      'email',
      [{ email: EMAIL.toLowerCase() }],
      [{ email: EMAIL.replace('hostile', 'HOSTILE') }],
      'san_email_mismatch',
    ],
  ])('A12: a SAN with %s', async (_, kind, bad, good, check) => {
    const subject = `CN=${DNS}`; // which is no SAN
    await expectRefused(kind, await mint({ subject, names: bad }), check);
    await expectToken(kind, await mint({ subject, names: good }));
  });

  it.each<[string, Partial<MintOptions>, Partial<MintOptions>, string]>([
    ['a CA:TRUE leaf', { basicConstraints: { ca: true } }, { basicConstraints: { ca: false } }, 'ca_certificate'],
    ['RSA of 1024 bits', { key: 'RSA-1024' }, { key: 'RSA-2048' }, 'weak_key'],
    ['a signature over SHA-1', { scheme: 'SHA-1' }, { scheme: 'SHA-256' }, 'weak_signature'],
    [
      'a purpose of servers',
      { extendedKeyUsage: ['serverAuth'] },
      { extendedKeyUsage: ['clientAuth'] },
      'extended_key_usage',
    ],
    [
      'an unknown critical extension',
      { extensions: [{ oid: '1.3.6.1.4.1.55555.9', critical: true, value: Buffer.from([5, 0]) }] },
      { extensions: [{ oid: '1.3.6.1.4.1.55555.9', critical: false, value: Buffer.from([5, 0]) }] },
      'unknown_critical_extension',
    ],
    [
      'a date that has passed',
      { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') },
      { notBefore: new Date('2020-01-01') },
      'certificate_expired',
    ],
  ])('A12: %s', async (_, bad, good, check) => {
    await expectRefused('dn', await mint(bad), check);
    await expectToken('dn', await mint(good));
  });

  describe('A12: a key', () => {
    const upload = async (client: string, { certificatePem: pem }: Issued): Promise<string> =>
      textIn(await operator.call(`/v1/clients/${client}/certificates`, { json: { pem } }, 201), 'id');
    const revoke = (id: string, reason: string) =>
      operator.call(`/v1/certificates/${id}/revoke`, { json: { reason }, headers: { 'if-match': '*' } }, 200);

    it.each([
      ['superseded', 'whose certificate was superseded goes on in the next one'],
      ['cessation_of_operation', 'whose certificate was given up may be certified again'],
    ])('%s: %s', async (reason) => {
      const old = await mint();
      const renewed = await mint({ keyOf: old });
      await revoke(await upload(clients.dn, old), reason);
      await expectRefused(
        'dn',
        old,
        'certificate_revoked',
        onceFelt(() => ask('dn', old), 401),
      );
      await expectToken('dn', renewed);
    });

    it('that is compromised is refused in every certificate', async () => {
      const old = await mint();
      const renewed = await mint({ keyOf: old });
      const id = await upload(clients.dn, old);
      await expectToken('dn', renewed);
      await revoke(id, 'key_compromise');
      const asked = onceFelt(() => ask('dn', renewed), 401);
      await expectRefused('dn', renewed, 'public_key_compromised', asked);
      await expectToken('dn', await mint());
    });

    it('of another partner is refused, whoever certified it', async () => {
      const theirs = await mint({ subject: 'CN=neighbour' });
      const neighbour = await onboardOwner(operator);
      const fields = { tls_client_auth_subject_dn: 'CN=neighbour' };
      await onboardClient(operator, { partnerId: neighbour, audience, fields, certificate: theirs });
      await expectRefused('dn', await mint({ keyOf: theirs }), 'public_key_of_another_partner');
      await expectToken('dn', await mint());
    });
  });
});
