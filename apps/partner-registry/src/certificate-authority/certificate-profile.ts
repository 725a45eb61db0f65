import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { SubjectAlternativeName } from '@partner-ecosystem/x509';
import type { PublishedAt } from './publication/publication-urls.js';

const { clientAuth } = x509.ExtendedKeyUsage;
const { cRLSign, digitalSignature, keyCertSign } = x509.KeyUsageFlags;
const KINDS = { dns: 'dns', uri: 'url', email: 'email', ip: 'ip' } as const;

/** What a client's certificate may be used for: TLS client authentication, and nothing else. */
export function clientExtensions(names: readonly SubjectAlternativeName[], issuer: PublishedAt): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([clientAuth]),
    ...(names.length === 0
      ? []
      : [new x509.SubjectAlternativeNameExtension(names.map(({ kind, value }) => ({ type: KINDS[kind], value })))]),
    ...publication(issuer),
  ];
}

/** An intermediate below the root: it signs certificates of clients and its list, and no further authority. */
export function intermediateExtensions(root: PublishedAt): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    // What is below it can be a client and never a server, whoever comes to hold its key.
    new x509.ExtendedKeyUsageExtension([clientAuth]),
    ...publication(root),
  ];
}

/** Nobody can revoke a root: it names no list and no issuer. */
export function rootExtensions(): x509.Extension[] {
  return [new x509.BasicConstraintsExtension(true, 1, true), new x509.KeyUsagesExtension(keyCertSign | cRLSign, true)];
}

function publication({ list, certificate }: PublishedAt): x509.Extension[] {
  return [
    new x509.CRLDistributionPointsExtension([list]),
    new x509.AuthorityInfoAccessExtension({ caIssuers: certificate }),
  ];
}
