import type { RawExtension } from '@partner-ecosystem/test-pki';

// short elements are all there is here
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length > 127) throw new TypeError('too long for one octet of length');
  return Buffer.concat([Buffer.of(tag, body.length), body]);
}

const SEQUENCE = 0x30;
const POLICY = Buffer.from('06032a0304', 'hex'); // 1.2.3.4
const OTHER_POLICY = Buffer.from('06032a0305', 'hex'); // 1.2.3.5

/** RFC 5280 4.2.1.4 */
export const certificatePolicies: RawExtension = {
  oid: '2.5.29.32',
  critical: false,
  value: der(SEQUENCE, der(SEQUENCE, POLICY)),
};

/** RFC 5280 4.2.1.5 */
export const policyMappings: RawExtension = {
  oid: '2.5.29.33',
  critical: true,
  value: der(SEQUENCE, der(SEQUENCE, POLICY, OTHER_POLICY)),
};

/** RFC 5280 4.2.1.11 */
export function policyConstraints(o: { explicit: number; mapping?: number; critical?: boolean }): RawExtension {
  const mapping = o.mapping === undefined ? [] : [der(0x81, Buffer.of(o.mapping))];
  const value = der(SEQUENCE, der(0x80, Buffer.of(o.explicit)), ...mapping);
  return { oid: '2.5.29.36', critical: o.critical ?? true, value };
}

/** RFC 5280 4.2.1.14 */
export const inhibitAnyPolicy: RawExtension = { oid: '2.5.29.54', critical: true, value: der(0x02, Buffer.of(0)) };

const fullName = (uri: string): Buffer => der(0xa0, der(0xa0, der(0x86, Buffer.from(uri))));

/** RFC 5280 4.2.1.13 */
export const distributionPoint = (uri: string): RawExtension => ({
  oid: '2.5.29.31',
  critical: false,
  value: der(SEQUENCE, der(SEQUENCE, fullName(uri))),
});

/** RFC 5280 5.2.5 */
export const issuingDistributionPoint = (uri: string): RawExtension => ({
  oid: '2.5.29.28',
  critical: true,
  value: der(SEQUENCE, fullName(uri)),
});
