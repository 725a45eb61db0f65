export type { CertificateEvidence, CertificateSource } from './certificate-source/certificate-source.js';
export { ForgedHeaderBelievedError } from './certificate-source/forged-header-believed-error.js';
export {
  probeForgedHeader,
  type ForgedHeaderProbe,
  type ForgedHeaderVerdict,
  type ProbeForgedHeaderOptions,
} from './certificate-source/probe-forged-header.js';
export { CertificateSourceError } from './certificate-source/certificate-source-error.js';
export {
  CERTIFICATE_SOURCE_NAMES,
  namedCertificateSource,
  type NamedCertificateSource,
} from './certificate-source/named-certificate-source.js';
export type { TrustedProxies } from './certificate-source/trusted-proxies.js';
export { tlsSocket } from './certificate-source/tls-socket.js';
export { trustedProxy, type TrustedProxyOptions } from './certificate-source/trusted-proxy.js';
export { introspection, type Introspection, type IntrospectionOptions } from './introspection/introspection.js';
export { AccessToken } from './nest/access-token.decorator.js';
export { AnyScope } from './nest/any-scope.decorator.js';
export { BoundTokenGuard } from './nest/bound-token.guard.js';
export { ClientCertificate } from './nest/client-certificate.decorator.js';
export { ClientCertificateGuard } from './nest/client-certificate.guard.js';
export type { GuardEvent, ReportGuardEvent } from './nest/guard-event.js';
export { MtlsBindingModule } from './nest/mtls-binding.module.js';
export type { MtlsBindingOptions } from './nest/options.js';
export { Public } from './nest/public.decorator.js';
export { RefusedException } from './nest/refused.exception.js';
export { accessTokenOf, clientCertificateOf } from './nest/request.js';
export { reportOnly, type PlainTokenEvent, type ReportOnly, type ReportOnlyOptions } from './nest/report-only.js';
export { RequireScope } from './nest/require-scope.decorator.js';
export { describeBoundTokens, type BoundTokenDescription } from './openapi/describe-bound-tokens.js';
export type { BoundToken, VerificationRules, VerifiedToken } from './protocol/bound-token.js';
export { awsAlb, type AwsAlbMode } from './protocol/certificate-headers/aws-alb.js';
export type { CertificateHeader } from './protocol/certificate-headers/certificate-header.js';
export { clientCert } from './protocol/certificate-headers/client-cert.js';
export { envoyXfcc } from './protocol/certificate-headers/envoy-xfcc.js';
export { haproxyDer } from './protocol/certificate-headers/haproxy-der.js';
export { nginxEscaped } from './protocol/certificate-headers/nginx-escaped.js';
export { traefikPem } from './protocol/certificate-headers/traefik-pem.js';
export { confirmationOf, type Confirmation } from './protocol/confirmation.js';
export { RefusedError, type PublicCode, type RefusalCheck } from './protocol/errors.js';
export { FeedRefusedError, type FeedRefusalCode } from './protocol/feed-refused-error.js';
export type { ResourceMetadata } from './protocol/protected-resource-metadata.js';
export { remoteKeys, type RemoteKeys, type RemoteKeysOptions } from './protocol/remote-keys.js';
export { followRevocations, type FollowRevocationsOptions } from './revocation/follow-revocations.js';
export type { FollowerEvent } from './revocation/follower-event.js';
export { IssuerUnreachableError, type UnreachableCode } from './revocation/issuer-unreachable-error.js';
export type { FollowerGauge, FollowerStatus, RevocationFollower } from './revocation/revocation-follower.js';
export {
  RevocationState,
  type FeedPosition,
  type RevocationClock,
  type Revocations,
} from './revocation/revocation-state.js';
