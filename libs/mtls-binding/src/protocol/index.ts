export { assertAdmissible, type PlainTokens } from './assert-admissible.js';
export { bearerTokenFrom } from './authorization-header.js';
export {
  SIGNATURE_ALGORITHMS,
  verifyAccessToken,
  verifyBoundToken,
  type BoundToken,
  type VerificationRules,
  type VerifiedToken,
} from './bound-token.js';
export { awsAlb, type AwsAlbMode } from './certificate-headers/aws-alb.js';
export type { CertificateHeader } from './certificate-headers/certificate-header.js';
export { certificateHeadersIn, type CertificateHeadersSent } from './certificate-headers/certificate-headers-in.js';
export { clientCert } from './certificate-headers/client-cert.js';
export { envoyXfcc } from './certificate-headers/envoy-xfcc.js';
export { haproxyDer } from './certificate-headers/haproxy-der.js';
export { nginxEscaped } from './certificate-headers/nginx-escaped.js';
export { traefikPem } from './certificate-headers/traefik-pem.js';
export { challengeFor } from './challenge.js';
export { assertBound, confirmationFrom, confirmationOf, type Confirmation } from './confirmation.js';
export { FeedRefusedError, type FeedRefusalCode } from './feed-refused-error.js';
export { isRevoked, type FindRevocation, type RevocableToken } from './is-revoked.js';
export { RefusedError, type PublicCode, type RefusalCheck } from './errors.js';
export {
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  type ResourceMetadata,
} from './protected-resource-metadata.js';
export { remoteKeys, type RemoteKeys, type RemoteKeysOptions } from './remote-keys.js';
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
} from './revocation-feed.js';
export { assertScopes } from './scope.js';
export { SubjectMap } from './subject-map.js';
export {
  RevocationState,
  type FeedPosition,
  type RevocationClock,
  type Revocations,
} from '../revocation/revocation-state.js';
export { introspectToken, type IntrospectionRules } from '../introspection/introspect-token.js';
export { introspection, type Introspection, type IntrospectionOptions } from '../introspection/introspection.js';
export { VerifiedTokens } from '../verified-tokens/verified-tokens.js';
