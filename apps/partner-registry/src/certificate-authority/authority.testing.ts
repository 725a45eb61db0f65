import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../database/data-source.js';
import type { AuthorityPolicy } from './authority-settings.js';
import type { CertificateAuthority } from '../records/certificate-authority.entity.js';
import type { Environment } from '../records/certificate-issuer.js';
import { createAuthority, type AuthorityOrder } from './creation/create-authority.js';
import { createRoot, type Root } from './creation/root.js';
import { RootDirectory } from './creation/root-directory.js';

const DAY_MS = 86_400_000;

export const PUBLIC_URL = 'http://localhost:8084';

/** How a registry with authorities is configured: `startRegistry({ certificateAuthority: testAuthorityPolicy() })`. */
export function testAuthorityPolicy(policy: Partial<AuthorityPolicy> = {}) {
  return {
    keyEncryptionKey: new KeyEncryptionKey(randomBytes(32)),
    validityMs: { sandbox: 30 * DAY_MS, production: 90 * DAY_MS },
    crlValidityMs: DAY_MS,
    ...policy,
  };
}

/** A root as `create-ca` makes one; its directory is gone afterwards. */
export async function createTestRoot(now = new Date()): Promise<Root> {
  const folder = await mkdtemp(join(tmpdir(), 'root-'));
  try {
    const options = { organization: 'Spec Platform', years: 10, listDays: 365 };
    return await createRoot(new RootDirectory(folder), randomBytes(24).toString('base64'), options, now);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The authority of an environment, made as `create-ca` makes it. */
export async function createTestAuthority(
  { database, issuer }: { database: { runtimeUrl: string }; issuer: { issuer: string } },
  root: Root,
  environment: Environment,
  order: Pick<AuthorityOrder, 'encryption'> & Partial<AuthorityOrder>,
): Promise<CertificateAuthority> {
  const connection = await new DataSource(dataSourceOptions(database.runtimeUrl)).initialize();
  try {
    return await createAuthority(connection, root, {
      identity: { audience: 'https://localhost:9444', issuer: issuer.issuer },
      publicUrl: PUBLIC_URL,
      years: 3,
      listValidityMs: DAY_MS,
      replace: false,
      environment,
      rootList: () => Promise.resolve(root.list),
      ...order,
    });
  } finally {
    await connection.destroy();
  }
}
