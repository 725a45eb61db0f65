import { readFileSync } from 'node:fs';
import { TestPostgresError } from './test-postgres-error.js';

/** An operating system user that exists already; none is ever created. */
export interface UnprivilegedUser {
  name: string;
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root: then it runs as `nobody`. Any other user runs it as itself (undefined). */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return findNobody(readFileSync('/etc/passwd', 'utf8'));
}

export function findNobody(passwd: string): UnprivilegedUser {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  if (!(uid > 0 && gid > 0)) {
    throw new TestPostgresError(
      'user_missing',
      'Postgres refuses to run as root and /etc/passwd has no user "nobody" to run it as: run as an ordinary user.',
    );
  }
  return { name: 'nobody', uid, gid };
}
