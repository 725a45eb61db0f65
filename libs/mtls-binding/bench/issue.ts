import { startTestIssuer, type ServerIdentity, type TestIssuer } from './library.js';

// The issuer of the benchmark as a process of its own: keys, revocation feed and tokens are the library's own. The launcher
// talks to it over IPC: first who it is, then which tokens it wants. It ends when the launcher does.

const REVOCATIONS = 1_000;
/** Longer than any benchmark. */
const LIFETIME_SECONDS = 4 * 3_600;

interface Identity {
  readonly identity: ServerIdentity;
  readonly ca: string;
}

interface Wanted {
  /** of the certificate that the tokens get bound to */
  readonly thumbprint: string;
  readonly audience: string;
  readonly clientId: string;
  readonly count: number;
}

let issuer: TestIssuer;

async function start({ identity, ca }: Identity): Promise<object> {
  issuer = await startTestIssuer({ server: identity, ca });
  for (let number = 0; number < REVOCATIONS; number += 4) revokeOthers(number);
  return { issuer: issuer.issuer, jwksUri: issuer.jwksUri };
}

/** Nobody's that the benchmark sends, and of every kind that one partner can cause. */
function revokeOthers(number: number): void {
  const expiresAt = new Date(Date.now() + LIFETIME_SECONDS * 1_000);
  const clientId = `cli_revoked_${number}`;
  issuer.revoke({ kind: 'client', subject: { client_id: clientId }, expiresAt });
  issuer.revoke({ kind: 'jti', subject: { jti: `revoked-${number}` }, expiresAt });
  issuer.revoke({ kind: 'partner', subject: { partner_id: `ptn_revoked_${number}` }, mode: 'cutoff', expiresAt });
  const audience = 'https://api.test';
  issuer.revoke({ kind: 'grant', subject: { client_id: clientId, audience, scope: 'shipments:read' }, expiresAt });
}

async function mint({ thumbprint, audience, clientId, count }: Wanted): Promise<object> {
  const tokens: string[] = [];
  const scopes = ['shipments:read', 'shipments:write'];
  const partnerId = `ptn_of_${clientId}`;
  while (tokens.length < count) {
    const certificate = { thumbprint };
    tokens.push(await issuer.mint({ certificate, audience, clientId, partnerId, scopes, lifetime: LIFETIME_SECONDS }));
  }
  return { tokens };
}

process.on('message', (message: Identity | Wanted) => {
  const answer = 'count' in message ? mint(message) : start(message);
  answer.then(
    (said) => process.send!(said),
    (error: unknown) => process.send!({ failure: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
