import { mintCertificate, type MintOptions } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { carriesSubject } from './carries-subject.js';
import type { SubjectKind } from './subject-value.js';

const DN = 'CN=importer,O=Acme';
const DNS = 'importer.acme.example';

async function carries(kind: SubjectKind, value: string, options: Partial<MintOptions>): Promise<boolean> {
  const { der } = await mintCertificate({ subject: 'CN=other', ...options });
  return carriesSubject(parseCertificate(der), { kind, value });
}

describe('A12: a certificate carries the registered value, and its twin does not', () => {
  it.each<[string, SubjectKind, string, Partial<MintOptions>, Partial<MintOptions>]>([
    ['a DN, as X.501', 'subject_dn', DN, { subject: 'cn=IMPORTER,o=acme' }, { subject: 'O=Acme,CN=importer' }],
    ['a DN, all of it', 'subject_dn', DN, { subject: DN }, { subject: `${DN},C=DE` }],
    [
      'a DNS name, ASCII case-folded, one of several',
      'san_dns',
      DNS,
      { names: [{ dns: 'x.example' }, { dns: DNS.toUpperCase() }] },
      { names: [{ dns: `x.${DNS}` }, { dns: `${DNS}.` }] },
    ],
    [
      'a URI, by octets',
      'san_uri',
      'urn:acme:importer',
      { names: [{ uri: 'urn:acme:importer' }] },
      { names: [{ uri: 'urn:acme:Importer' }, { uri: 'URN:acme:importer' }, { uri: 'urn:acme:importer/' }] },
    ],
    [
      'an IP address, by bytes',
      'san_ip',
      '2001:DB8:0:0:0:0:0:1',
      { names: [{ ip: '2001:db8::1' }] },
      { names: [{ ip: '2001:db8::2' }, { dns: '2001:db8::1' }] },
    ],
    [
      'an IPv4 address, which is not the one that maps it',
      'san_ip',
      '192.0.2.1',
      { names: [{ ip: '192.0.2.1' }] },
      { names: [{ ip: '::ffff:c000:201' }] },
    ],
    [
      'an e-mail address, its domain case-folded',
      'san_email',
      'Ops@acme.example',
      { names: [{ email: 'Ops@ACME.example' }] },
      { names: [{ email: 'ops@acme.example' }] },
    ],
  ])('%s', async (_, kind, value, good, bad) => {
    expect(await carries(kind, value, good)).toBe(true);
    expect(await carries(kind, value, bad)).toBe(false);
  });

  it.each<[string, SubjectKind, string, Partial<MintOptions>]>([
    ['a DNS name for a CN', 'san_dns', DNS, { subject: `CN=${DNS}` }],
    ['a DNS name for a URI', 'san_dns', DNS, { names: [{ uri: DNS }] }],
    ['a URI for a DNS name', 'san_uri', 'urn:importer', { names: [{ dns: 'urn:importer' }] }],
    ['an e-mail address for a DNS name', 'san_email', 'ops@acme.example', { names: [{ dns: 'ops@acme.example' }] }],
  ])('A12: never %s', async (_, kind, value, options) => {
    expect(await carries(kind, value, options)).toBe(false);
  });

  it.each<[string, string]>([
    ['a wildcard that would match', '*.acme.example'],
    ['a NUL behind the name', `${DNS}\0.evil.example`],
    ['a NUL before it', `evil.example\0${DNS}`],
    ['a name it ends with', `evil.${DNS}`],
    ['a name it begins with', `${DNS}.evil.example`],
  ])('A12: never by %s', async (_, name) => {
    expect(await carries('san_dns', DNS, { names: [{ dns: name }] })).toBe(false);
    expect(await carries('san_dns', DNS, { names: [{ dns: DNS }] })).toBe(true);
  });

  it('A12: a letter beyond ASCII folds into none of ASCII', async () => {
    expect(await carries('san_dns', '\u212a.example', { names: [{ dns: 'k.example' }] })).toBe(false);
  });

  it('a registered DN that cannot be read is an error and no match', async () => {
    await expect(carries('subject_dn', 'not a name', {})).rejects.toMatchObject({ code: 'dn_invalid' });
  });
});
