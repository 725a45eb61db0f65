import { X509Certificate } from 'node:crypto';
import pg from 'pg';

/**
 * The client ids the registry gave to the holders of these certificates (PEM, leaf first), in the same order; undefined
 * for one it does not know. Reads the database, because `bootstrap` prints them once and may have been interrupted.
 */
export async function registeredClients(databaseUrl: string, certificates: string[]): Promise<(string | undefined)[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const fingerprints = certificates.map(fingerprintOf);
    const { rows } = await client.query<{ sha256: string; client_id: string }>(
      `SELECT sha256, clients.client_id FROM registry.certificates
         JOIN registry.clients ON clients.id = certificates.client_id WHERE sha256 = ANY($1)`,
      [fingerprints],
    );
    return fingerprints.map((sha256) => rows.find((row) => row.sha256 === sha256)?.client_id);
  } finally {
    await client.end();
  }
}

function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
}
