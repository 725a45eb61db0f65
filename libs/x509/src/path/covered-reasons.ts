import type { Certificate } from '../certificate/certificate.js';
import { directoryName, distributionPointsOf, type DistributionPoint } from '../revocation/distribution-points.js';
import type { Crl } from '../revocation/crl.js';
import { X509Error } from '../x509-error.js';

/** Every reason of RFC 5280 4.2.1.13 ReasonFlags, by its position. */
export const ALL_REASONS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

const DISTRIBUTION_POINTS = '2.5.29.31';

/**
 * The reasons for which a list of the certificate's issuer would name it: for these its silence says that it is not
 * revoked (RFC 5280 6.3.3 b, d and e). None: the list is about other certificates, or its scope is not understood.
 */
export function coveredReasons(subject: Certificate, list: Crl): readonly number[] {
  const { scope } = list;
  if (scope === undefined) return ALL_REASONS;
  const { onlyUserCertificates, onlyAuthorities, onlyAttributeCertificates } = scope;
  if (onlyAttributeCertificates || (subject.isCa ? onlyUserCertificates : onlyAuthorities)) return [];
  const points = [...distributionPointsIn(subject), ownPoint(subject)].filter((point) => isServedBy(point, list));
  const within = (reasons: readonly number[] | undefined, reason: number) => reasons?.includes(reason) ?? true;
  return ALL_REASONS.filter(
    (reason) => within(scope.reasons, reason) && points.some(({ reasons }) => within(reasons, reason)),
  );
}

// 6.3.3 b 1 and b 2 i
function isServedBy({ names, crlIssuer }: DistributionPoint, { scope, issuer }: Crl): boolean {
  if (crlIssuer !== undefined && !(scope?.indirect && crlIssuer.has(directoryName(issuer)))) return false;
  const wanted = scope?.names;
  return wanted === undefined || [...(names ?? crlIssuer ?? [])].some((name) => wanted.has(name));
}

// 6.3.3, last paragraph: a list that no point of the certificate leads to, under the name of the issuer itself
function ownPoint({ issuer }: Certificate): DistributionPoint {
  return { names: new Set([directoryName(issuer)]), reasons: undefined, crlIssuer: undefined };
}

// The extension is not critical: where it cannot be read, no list is found by it.
function distributionPointsIn({ extensions }: Certificate): DistributionPoint[] {
  const value = extensions.get(DISTRIBUTION_POINTS)?.value;
  try {
    return value === undefined ? [] : distributionPointsOf(value);
  } catch (error) {
    if (error instanceof X509Error) return [];
    throw error;
  }
}
