import type { EntityManager } from 'typeorm';
import type { Certificate } from '../records/certificate.entity.js';

/** When a client authenticated with a certificate at the token service, the first and the last time. */
export interface CertificateUse {
  readonly first_seen_at: Date | null;
  readonly last_seen_at: Date | null;
}

/** A certificate as it is shown. */
export type ShownCertificate = Certificate & CertificateUse & { readonly days_left: number };

const DAY_MS = 86_400_000;
const NEVER: CertificateUse = { first_seen_at: null, last_seen_at: null };
const USES = 'SELECT thumbprint, first_seen_at, last_seen_at FROM token.certificate_use WHERE thumbprint = ANY ($1)';

/** With what the token service published about them: one question to the database, however many they are. */
export async function showCertificates(
  database: EntityManager,
  certificates: readonly Certificate[],
  now: Date,
): Promise<ShownCertificate[]> {
  if (certificates.length === 0) return [];
  const thumbprints = certificates.map(({ thumbprint }) => thumbprint);
  const rows = await database.query<(CertificateUse & { thumbprint: string })[]>(USES, [thumbprints]);
  const uses = new Map(rows.map(({ thumbprint, ...use }) => [thumbprint, use]));
  return certificates.map((certificate) =>
    Object.assign(certificate, uses.get(certificate.thumbprint) ?? NEVER, { days_left: daysLeft(certificate, now) }),
  );
}

export async function showCertificate(
  database: EntityManager,
  certificate: Certificate,
  now: Date,
): Promise<ShownCertificate> {
  const [shown] = await showCertificates(database, [certificate], now);
  return shown!;
}

/** Whole days until it ends; 0 on the last one, and afterwards. */
export function daysLeft({ not_after }: Pick<Certificate, 'not_after'>, now: Date): number {
  return Math.max(0, Math.floor((not_after.getTime() - now.getTime()) / DAY_MS));
}
