import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';

/** Throwaway P-256 certificates, in memory only. */
export interface Identities {
  /** PEM of the authority of all of them */
  readonly ca: string;
  readonly server: Issued;
  /** the API's own, to follow the revocations with */
  readonly api: Issued;
  /** one partner for each connection */
  readonly partners: readonly Issued[];
}

export async function createIdentities(partners: number): Promise<Identities> {
  const authority = await createAuthority({ name: 'Benchmark CA' });
  const names = Array.from({ length: partners }, (_, number) => `CN=partner-${number}`);
  return {
    ca: authority.certificatePem,
    server: await authority.issueServer({ names: ['localhost'] }),
    api: await authority.issueClient({ subject: 'CN=api' }),
    partners: await Promise.all(names.map((subject) => authority.issueClient({ subject }))),
  };
}
