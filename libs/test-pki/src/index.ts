// @peculiar/x509 needs the metadata polyfill before its own modules are evaluated
import 'reflect-metadata';
export { createAuthority, type Authority, type AuthorityOptions } from './authority.js';
export {
  createCertificationRequest,
  requestAttribute,
  requestAttributes,
  type CertificationRequestOptions,
  type RequestedCertificate,
} from './create-certification-request.js';
export {
  certificateIssuer,
  distributionPoints,
  issuingDistributionPoint,
  type IssuingPointOptions,
  type PointOptions,
} from './distribution-points.js';
export type { Issued } from './issued.js';
export type { LeafOptions, RawExtension, SignatureHash } from './leaf-options.js';
export { mintCertificate, type MintOptions, type Minted } from './mint-certificate.js';
export { mintTwin } from './mint-twin.js';
export { mintCrl, type MintedEntry, type CrlOptions } from './mint-crl.js';
export type { GeneralNameOption, KeyUsageName, NameConstraintsOption } from './minted-extensions.js';
export { opensslVerify, type OpensslVerdict, type OpensslVerifyOptions } from './openssl-verify.js';
export { policyExtensions, type PolicyOptions } from './policy-extensions.js';
export { selfSigned } from './self-signed.js';
export type { SignatureScheme } from './sign-der.js';
export type { KeyKind } from './subject-keys.js';
export { toPkcs12, type Pkcs12Options } from './to-pkcs12.js';
