import type { Certificate } from '@partner-ecosystem/x509';

/** A certificate as the registry publishes it. */
interface Published {
  readonly thumbprint: string;
  readonly tbs_sha256?: string;
}

/**
 * The one of these that has the contents of this certificate, under whichever signature. To deny, never to allow: its
 * holder can replace a signature by another valid one. // A37
 */
export function withSameContents<Known extends Published>(
  known: readonly Known[],
  { thumbprint, tbsSha256 }: Pick<Certificate, 'thumbprint' | 'tbsSha256'>,
): Known | undefined {
  return known.find((one) => one.thumbprint === thumbprint || one.tbs_sha256 === tbsSha256);
}
