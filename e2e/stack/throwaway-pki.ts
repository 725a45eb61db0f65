import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import type { GuardedApp } from './topology.js';

/** Clients and servers have different authorities: being somebody's server makes nobody a client. */
export interface ThrowawayPki {
  serverAuthority: Authority;
  clientAuthority: Authority;
  server: Issued;
  operator: Issued;
  /** what the APIs prove themselves with when they follow the revocations */
  apis: Record<GuardedApp, Issued>;
}

/** Exists in memory only. */
export async function createPki(): Promise<ThrowawayPki> {
  const serverAuthority = await createAuthority({ name: 'Throwaway Server CA' });
  const clientAuthority = await createAuthority({ name: 'Throwaway Client CA' });
  const client = (name: string) => clientAuthority.issueClient({ subject: `CN=${name},O=Partner Ecosystem` });
  return {
    serverAuthority,
    clientAuthority,
    server: await serverAuthority.issueServer({ names: ['localhost', '127.0.0.1', '::1'] }),
    operator: await client('operator'),
    apis: { 'partner-registry': await client('partner-registry'), 'resource-api': await client('resource-api') },
  };
}
