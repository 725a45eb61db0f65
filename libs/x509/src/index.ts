export type { Certificate } from './certificate/certificate.js';
export type { PublicKeyDescription } from './certificate/describe-public-key.js';
export type { Extension, Extensions } from './certificate/extensions.js';
export { holdsPrivateKey } from './certificate/holds-private-key.js';
export { parseCertificate } from './certificate/parse-certificate.js';
export type { SignatureAlgorithm } from './certificate/signature-algorithm.js';
export { thumbprintOf } from './certificate/thumbprint-of.js';
export type { CertificationRequest, RequestedExtensions } from './certification-request/certification-request.js';
export { checkCertificationRequest } from './certification-request/check-certification-request.js';
export { parseCertificationRequest } from './certification-request/parse-certification-request.js';
export type { ClientKey } from './key-set/client-key.js';
export { isPrivateJwk } from './key-set/private-members.js';
export type { PublicJwk } from './key-set/public-jwk.js';
export { readKeySet, type ClientKeySet, type PassedOverKey } from './key-set/read-key-set.js';
export type { CertificateCheck } from './leaf-checks/certificate-check.js';
export { checkLeaf } from './leaf-checks/check-leaf.js';
export { carriesSubject } from './names/carries-subject.js';
export { distinguishedNameFromDer } from './names/distinguished-name-from-der.js';
export {
  distinguishedName,
  type AttributeTypeAndValue,
  type DistinguishedName,
  type RelativeDistinguishedName,
} from './names/distinguished-name.js';
export { foldedDistinguishedName } from './names/folded-distinguished-name.js';
export { parseDistinguishedName } from './names/parse-distinguished-name.js';
export { sameDistinguishedName } from './names/same-distinguished-name.js';
export type { SubjectAlternativeName } from './names/subject-alternative-names.js';
export { SUBJECT_KINDS, type SubjectKind, type SubjectValue } from './names/subject-value.js';
export { X509Error, type X509ErrorCode } from './x509-error.js';
