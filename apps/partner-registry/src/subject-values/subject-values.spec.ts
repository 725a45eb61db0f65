import { describe, expect, it } from 'vitest';
import { canonicalSubject } from './canonical-subject.js';
import { subjectIdentity } from './subject-identity.js';
import { subjectValue, type SubjectField } from './subject-value.js';

const DN = 'tls_client_auth_subject_dn';
const DNS = 'tls_client_auth_san_dns';
const URI = 'tls_client_auth_san_uri';
const IP = 'tls_client_auth_san_ip';
const EMAIL = 'tls_client_auth_san_email';

describe('the canonical form of a subject value', () => {
  it.each<[SubjectField, string, string]>([
    [DN, '2.5.4.3=#0c08696d706f72746572 + OU=it, o=Acme\\2c Inc', 'CN=importer+OU=it,O=Acme\\, Inc'],
    [DNS, 'Importer.ACME.example', 'importer.acme.example'],
    [DNS, 'xn--bcher-kva.example', 'xn--bcher-kva.example'],
    [URI, 'urn:Acme:Importer', 'urn:Acme:Importer'],
    [URI, 'spiffe://Acme.Example/importer', 'spiffe://Acme.Example/importer'],
    [IP, '192.0.2.1', '192.0.2.1'],
    [IP, '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    [IP, '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    [IP, '::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
    [IP, '::ffff:c000:201', '::ffff:192.0.2.1'],
    [IP, '::', '::'],
    [EMAIL, 'Ops.Team@ACME.example', 'Ops.Team@acme.example'],
  ])('%s %s', (field, text, canonical) => {
    expect(canonicalSubject(field, text)).toBe(canonical);
    expect(canonicalSubject(field, canonical)).toBe(canonical);
  });

  it.each<[SubjectField, string]>([
    [DN, ''],
    [DN, 'not a name'],
    [DN, `CN=${'x'.repeat(1000)}`],
    [DNS, ''],
    [DNS, '*.acme.example'],
    [DNS, 'acme.example.'],
    [DNS, '-acme.example'],
    [DNS, 'acme..example'],
    [DNS, 'büro.example'],
    [DNS, '\u212a.example'],
    [DNS, 'a_b.example'],
    [DNS, '192.0.2.1'],
    [DNS, `${'a'.repeat(64)}.example`],
    [DNS, 'acme.example\u0000.evil.example'],
    [URI, 'importer'],
    [URI, '/importer'],
    [URI, 'urn:acme:im porter'],
    [URI, 'urn:acme:ü'],
    [URI, 'https://'],
    [IP, '192.0.2'],
    [IP, '192.0.2.01'],
    [IP, '192.0.2.0/24'],
    [IP, 'fe80::1%eth0'],
    [IP, '[::1]'],
    [IP, '3221225985'],
    [EMAIL, 'ops'],
    [EMAIL, '@acme.example'],
    [EMAIL, 'ops@'],
    [EMAIL, 'ops@*.example'],
    [EMAIL, 'ops team@acme.example'],
    [EMAIL, 'ops@büro.example'],
    [EMAIL, 'ops@acme.example\n'],
  ])('there is none for %s %j', (field, text) => {
    expect(canonicalSubject(field, text)).toBeUndefined();
  });
});

describe('the identity of a subject value', () => {
  it('is one for all spellings of a name, and another one for another kind', () => {
    const name = subjectIdentity(subjectValue(DN, 'CN=importer+OU=it,O=Acme  Inc'));
    expect(name).toEqual(subjectIdentity(subjectValue(DN, 'OU=IT+CN=Importer,O=acme inc')));
    expect(name).not.toEqual(subjectIdentity(subjectValue(DN, 'O=Acme Inc,CN=importer+OU=it')));
    expect(name).toEqual({ kind: 'subject_dn', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(subjectIdentity(subjectValue(URI, 'urn:a'))).not.toEqual(subjectIdentity(subjectValue(URI, 'urn:A')));
    expect(subjectIdentity(subjectValue(EMAIL, 'a@b')).kind).toBe('san_email');
  });
});
