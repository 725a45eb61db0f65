import { describe, expect, it } from 'vitest';
import { Client } from '../records/client.entity.js';
import { NO_SUBJECT, type SubjectFields } from '../subject-values/subject-value.js';
import { platformNames } from './platform-names.js';

const CLIENT_ID = `cli_${'a'.repeat(32)}`;
const URI = { kind: 'uri', value: `urn:partner-ecosystem:client:${CLIENT_ID}` };

function namesOf(fields: Partial<SubjectFields> = {}, legalName = 'Acme GmbH') {
  const client = Object.assign(new Client(), { client_id: CLIENT_ID, ...NO_SUBJECT, ...fields });
  const { subject, names } = platformNames(client, legalName);
  return { subject: subject.text, names };
}

describe('a certificate of the platform names', () => {
  it('the client and its partner, and the client as a URI', () => {
    expect(namesOf()).toEqual({ subject: `CN=${CLIENT_ID},O=Acme GmbH`, names: [URI] });
  });

  it('the registered subject, where the client is known by that', () => {
    const tls_client_auth_subject_dn = 'CN=importer+OU=a,O=Acme\\, Inc.,C=DE';
    expect(namesOf({ tls_client_auth_subject_dn })).toEqual({ subject: tls_client_auth_subject_dn, names: [URI] });
  });

  it.each<[Partial<SubjectFields>, object]>([
    [{ tls_client_auth_san_dns: 'importer.acme.example' }, { kind: 'dns', value: 'importer.acme.example' }],
    [{ tls_client_auth_san_uri: 'urn:acme:importer' }, { kind: 'uri', value: 'urn:acme:importer' }],
    [{ tls_client_auth_san_ip: '2001:db8::1' }, { kind: 'ip', value: '2001:db8::1' }],
    [{ tls_client_auth_san_email: 'importer@acme.example' }, { kind: 'email', value: 'importer@acme.example' }],
  ])('the registered alternative name besides: %j', (fields, name) => {
    expect(namesOf(fields)).toEqual({ subject: `CN=${CLIENT_ID},O=Acme GmbH`, names: [URI, name] });
  });

  it('the URI once, also when the client is registered with it', () => {
    expect(namesOf({ tls_client_auth_san_uri: URI.value }).names).toEqual([URI]);
  });

  it.each([
    ['Acme, Inc. + "Sons"; CN=admin', 'Acme\\, Inc. \\+ \\"Sons\\"\\; CN=admin'],
    [' #Acme ', '\\#Acme'],
    ['a\u202eb', 'a\\E2\\80\\AEb'],
    ['é'.repeat(70), 'é'.repeat(64)],
    [`${'x'.repeat(63)} yz`, 'x'.repeat(63)],
  ])('A9: a legal name as one value, whatever is in it, of 64 characters at most: %j', (legalName, organization) => {
    expect(namesOf({}, legalName).subject).toBe(`CN=${CLIENT_ID},O=${organization}`);
  });
});
