import * as x509 from '@peculiar/x509';
import type { LeafOptions } from './leaf-options.js';

const PURPOSES: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

/** The extensions of a leaf, the options taken at their word. */
export function leafExtensions(options: LeafOptions): x509.Extension[] {
  const { digitalSignature, keyCertSign } = x509.KeyUsageFlags;
  const ca = options.ca ?? false;
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(ca, undefined, true),
    new x509.KeyUsagesExtension(ca ? digitalSignature | keyCertSign : digitalSignature, true),
  ];
  const usages = options.extendedKeyUsage === undefined ? ['clientAuth'] : options.extendedKeyUsage;
  if (usages !== null) {
    extensions.push(new x509.ExtendedKeyUsageExtension(usages.map(purposeOid)));
  }
  const names = alternativeNames(options);
  if (names.length > 0) {
    // RFC 5280 4.2.1.6: critical when the subject is empty
    extensions.push(new x509.SubjectAlternativeNameExtension(names, options.subject === ''));
  }
  const raw = (options.extensions ?? []).map(({ oid, critical, value }) => new x509.Extension(oid, critical, value));
  return [...extensions, ...raw];
}

/** The dotted OID of clientAuth or serverAuth; anything else is taken for an OID. */
export function purposeOid(usage: string): string {
  return PURPOSES[usage] ?? usage;
}

function alternativeNames(options: LeafOptions): x509.JsonGeneralNames {
  const { uri = [], dns = [], email = [], ip = [] } = options;
  return [
    ...uri.map((value) => ({ type: 'url' as const, value })),
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...email.map((value) => ({ type: 'email' as const, value })),
    ...ip.map((value) => ({ type: 'ip' as const, value })),
  ];
}
