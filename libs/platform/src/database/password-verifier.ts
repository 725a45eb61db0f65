import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const ITERATIONS = 4096; // PostgreSQL's own default, scram_iterations
const BYTES = 32;

/**
 * What PostgreSQL stores for a password (RFC 5803, `SCRAM-SHA-256$…`). Sent in its place, as psql's \password does: a statement
 * with the password itself would be in the server's log and in pg_stat_activity.
 */
export async function passwordVerifier(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
