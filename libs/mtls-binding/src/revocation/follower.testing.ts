import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { Agent, fetch as undiciFetch } from 'undici';
import { startTestIssuer, type TestIssuer, type TestIssuerOptions } from '../testing/index.js';
import { followRevocations } from './follow-revocations.js';
import type { FollowerEvent } from './follower-event.js';
import type { RevocationFollower } from './revocation-follower.js';

export interface FollowedIssuer {
  authority: Authority;
  /** for servers on localhost */
  server: Issued;
  issuer: TestIssuer;
  /** trusts the authority and presents a certificate; default: the API's own */
  fetchAs(certificate?: Issued | null): typeof fetch;
  /** a follower, not started; ends with `stop()` */
  follow(report?: (event: FollowerEvent) => void): RevocationFollower;
  stop(): Promise<void>;
}

export const CLIENT_ID = 'cli_the_api';

/** A test issuer and what it takes to follow it. */
export async function followedIssuer(options: Partial<TestIssuerOptions> = {}): Promise<FollowedIssuer> {
  const authority = await createAuthority({ name: 'Test CA' });
  const server = await authority.issueServer({ names: ['localhost'] });
  const own = await authority.issueClient({ subject: 'CN=the-api' });
  const issuer = await startTestIssuer({ server, ca: authority.certificatePem, ...options });
  const followers: RevocationFollower[] = [];
  const agents: Agent[] = [];
  const fetchAs = (certificate: Issued | null = own): typeof fetch => {
    const identity = certificate ? { cert: certificate.chainPem, key: certificate.privateKeyPem } : {};
    const dispatcher = new Agent({ connect: { ca: issuer.ca, ...identity } });
    agents.push(dispatcher);
    return ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;
  };
  return {
    authority,
    server,
    issuer,
    fetchAs,
    follow: (report) => {
      const follower = followRevocations({ issuer: issuer.issuer, clientId: CLIENT_ID, fetch: fetchAs(), report });
      followers.push(follower);
      return follower;
    },
    stop: async () => {
      await Promise.all(followers.map((follower) => follower.stop()));
      await Promise.all(agents.map((agent) => agent.destroy()));
      await issuer.stop();
    },
  };
}
