export { assertAdmissible, type PlainTokens } from './admission/assert-admissible.js';
export { bearerTokenFrom } from './protocol/authorization-header.js';
export {
  SIGNATURE_ALGORITHMS,
  verifyAccessToken,
  verifyBoundToken,
  type BoundToken,
  type VerificationRules,
  type VerifiedToken,
} from './protocol/bound-token.js';
export { awsAlb, type AwsAlbMode } from './protocol/certificate-headers/aws-alb.js';
export type { CertificateHeader } from './protocol/certificate-headers/certificate-header.js';
export {
  certificateHeadersIn,
  type CertificateHeadersSent,
} from './protocol/certificate-headers/certificate-headers-in.js';
export { clientCert } from './protocol/certificate-headers/client-cert.js';
export { envoyXfcc } from './protocol/certificate-headers/envoy-xfcc.js';
export { haproxyDer } from './protocol/certificate-headers/haproxy-der.js';
export { nginxEscaped } from './protocol/certificate-headers/nginx-escaped.js';
export { traefikPem } from './protocol/certificate-headers/traefik-pem.js';
export { challengeFor } from './protocol/challenge.js';
export { assertBound, confirmationFrom, confirmationOf, type Confirmation } from './protocol/confirmation.js';
export { FeedRefusedError, type FeedRefusalCode } from './protocol/feed-refused-error.js';
export { isRevoked, type FindRevocation, type RevocableToken } from './protocol/is-revoked.js';
export { RefusedError, type PublicCode, type RefusalCheck } from './protocol/errors.js';
export {
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  type ResourceMetadata,
} from './protocol/protected-resource-metadata.js';
export { remoteKeys, type RemoteKeys, type RemoteKeysOptions } from './protocol/remote-keys.js';
export {
  FEED_MEDIA_TYPE,
  FEED_TYPE,
  readFeed,
  signFeed,
  subjectKey,
  type FeedRules,
  type FeedSigningKey,
  type FeedStatement,
  type RevocationEntry,
  type RevocationKind,
  type RevocationSubject,
} from './protocol/revocation-feed.js';
export { assertScopes } from './protocol/scope.js';
export { SubjectMap } from './protocol/subject-map.js';
export {
  RevocationState,
  type FeedPosition,
  type RevocationClock,
  type Revocations,
} from './revocation/revocation-state.js';
export { introspectToken, type IntrospectionRules } from './introspection/introspect-token.js';
export { introspection, type Introspection, type IntrospectionOptions } from './introspection/introspection.js';
export { VerifiedTokens } from './verified-tokens/verified-tokens.js';
