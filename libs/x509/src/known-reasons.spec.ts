import {
  createCertificationRequest,
  mintCertificate,
  requestAttribute,
  requestAttributes,
  type CertificationRequestOptions,
} from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from './certificate/parse-certificate.js';
import { parseCertificationRequest } from './certification-request/parse-certification-request.js';
import { distinguishedNameFromDer } from './names/distinguished-name-from-der.js';

/** One octet of a certificate made another one: the first of those that this text stands for. */
async function changedAt(text: string, octet: number): Promise<{ der: Buffer; at: number }> {
  const { der } = await mintCertificate({ subject: 'CN=client', names: [{ dns: text }] });
  const at = der.indexOf(text);
  der[at] = octet;
  return { der, at };
}

describe('A45: a refusal says which rule was broken, and where', () => {
  it('of a certificate', async () => {
    const { der, at } = await changedAt('host.example', 0xe9);
    expect(() => parseCertificate(der)).toThrow(
      `not a certificate: its content breaks a rule of RFC 5280: an IA5String beyond ASCII, at octet ${at}`,
    );
    const twice = { oid: '1.3.6.1.4.1.55555.1', critical: false, value: Buffer.from('0500', 'hex') };
    const repeated = (await mintCertificate({ subject: 'CN=client', extensions: [twice, twice] })).der;
    expect(() => parseCertificate(repeated)).toThrow(/RFC 5280: an extension given twice, at octet \d+$/);
  });

  it('of one that OpenSSL does not read either', async () => {
    const { der } = await mintCertificate({ subject: 'CN=client' });
    expect(() => parseCertificate(der.subarray(0, -1))).toThrow(
      /RFC 5280: an element longer than its container, at octet 0$/,
    );
    expect(() => parseCertificate(Buffer.from('3003020105', 'hex'))).toThrow(
      /RFC 5280: no element 0x3 where one must be$/,
    );
  });

  const unknown = { oid: '1.3.6.1.4.1.55555.1', critical: false, value: Buffer.from('0500', 'hex') };
  const asked = (oid?: string) => requestAttributes([unknown], oid);
  it.each<[string, CertificationRequestOptions]>([
    ['another version than 1, which is written as 0', { version: 1 }],
    ['an attribute given twice', { attributes: [...asked(), ...asked()] }],
    [
      'extensions asked for twice, as attributes of two kinds',
      { attributes: [...asked(), ...asked('1.3.6.1.4.1.311.2.1.14')] },
    ],
    [
      'an attribute with several values',
      { attributes: [requestAttribute('1.2.840.113549.1.9.14', unknown.value, unknown.value)] },
    ],
    ['an IA5String beyond ASCII', { names: [{ dns: 'h\u00e9st.example' }] }],
  ])('of a request: %s', async (rule, options) => {
    const { der } = await createCertificationRequest(options);
    const message = `not a certification request: its content breaks a rule of RFC 2986: ${rule}, at octet `;
    expect(() => parseCertificationRequest(der)).toThrow(message);
  });

  it('of a name', () => {
    const der = Buffer.from('300b3109300706035504030c00'.replace('0c00', '0c05'), 'hex');
    expect(() => distinguishedNameFromDer(der)).toThrow(
      'not the DER encoding of a name: an element longer than its container, at octet 11',
    );
  });
});
