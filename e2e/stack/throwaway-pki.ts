import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';

/** Clients and servers have different authorities: being somebody's server makes nobody a client. */
export interface ThrowawayPki {
  serverAuthority: Authority;
  clientAuthority: Authority;
  server: Issued;
  operator: Issued;
}

/** Exists in memory only. */
export async function createPki(): Promise<ThrowawayPki> {
  const serverAuthority = await createAuthority({ name: 'Throwaway Server CA' });
  const clientAuthority = await createAuthority({ name: 'Throwaway Client CA' });
  return {
    serverAuthority,
    clientAuthority,
    server: await serverAuthority.issueServer({ names: ['localhost', '127.0.0.1', '::1'] }),
    operator: await clientAuthority.issueClient({ subject: 'CN=operator,O=Partner Ecosystem' }),
  };
}
