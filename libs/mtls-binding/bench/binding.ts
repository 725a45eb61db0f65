import {
  clientCert,
  followRevocations,
  remoteKeys,
  tlsSocket,
  trustedProxy,
  type MtlsBindingOptions,
  type RevocationFollower,
} from './library.js';
import { Agent, fetch as undiciFetch } from 'undici';
import type { ReferenceServer } from './reference-server.js';

const CLIENT_ID = 'cli_bench_api';

/** The guard as the README sets it up, every check on: the issuer's keys and its revocations come over TLS. */
export async function binding(server: ReferenceServer): Promise<MtlsBindingOptions> {
  const { issuer, audience, jwksUri, certificateFrom } = server;
  const fetch = fetchAs(server);
  const keys = remoteKeys({ jwksUri, fetch });
  const revocations = followRevocations({ issuer, clientId: CLIENT_ID, fetch });
  await untilFollowed(revocations);
  await keys.ready();
  const certificateSource =
    certificateFrom === 'socket' ? tlsSocket() : trustedProxy({ header: clientCert(), proxies: 'loopback' });
  return { issuer, audience, keys, revocations, certificateSource };
}

export function fetchAs({ ca, client }: ReferenceServer): typeof fetch {
  const dispatcher = new Agent({ connect: { ca, cert: client.chainPem, key: client.privateKeyPem } });
  return ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;
}

async function untilFollowed(revocations: RevocationFollower): Promise<void> {
  revocations.start();
  await revocations.ready();
  if (revocations.status().entries < 1_000) throw new Error('the feed holds fewer than 1,000 revocations');
}
