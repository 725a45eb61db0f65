import type { Answer, Call } from '../stack/admin/https-client.js';
import { shipments, tellCheck, type Cast, type Partners } from './cast.js';
import { tampered } from './decoded-token.js';
import type { Loot } from './main-job.js';

interface Theft {
  title: string;
  call: Omit<Call, 'url'>;
  path?: string;
  status: number;
  code: string;
  /** what the operator reads in the log */
  check?: string;
}

/** Chapter three: somebody has a token, or a certificate, but not what belongs together. */
export async function tellStolenToken(cast: Cast, partners: Partners, loot: Loot): Promise<void> {
  const { story } = cast;
  story.chapter('III.  A stolen token is worthless');
  for (const theft of await thefts(cast, partners, loot)) {
    story.step(theft.title);
    const answer = await shipments(cast, theft.call, theft.path);
    story.exchange(answer, ['code', 'detail']);
    tellRefusal(cast, theft, answer);
  }
  story.step("And Acme's server, with the token that was stolen from it?");
  const { status } = await shipments(cast, { identity: partners.acme.identity, token: loot.acmeToken });
  story.fact('works on as if nothing had happened', 200, status);
}

async function thefts({ operator, stack }: Cast, { acme, globex }: Partners, loot: Loot): Promise<Theft[]> {
  const { acmeToken: token, globexToken } = loot;
  const refused = { status: 401, code: 'invalid_token' };
  return [
    {
      title: "Globex has copied Acme's token from a log file and sends it over its own connection",
      ...refused,
      call: { identity: globex.identity, token },
      check: 'certificate_mismatch',
    },
    {
      title: 'A stranger without any certificate sends the same token',
      ...refused,
      call: { token },
      check: 'certificate_missing',
    },
    {
      title: 'Globex writes "partner_id: Acme" into its own token',
      ...refused,
      check: 'token_signature',
      call: { identity: globex.identity, token: tampered(globexToken, { partner_id: acme.partnerId }) },
    },
    {
      title: "The operator's token, made for the registry, is sent to the sample API",
      ...refused,
      call: { identity: stack.pki.operator, token: await operator.accessToken() },
      check: 'token_audience',
    },
    {
      title: "Globex, all in order, asks for Acme's shipment by its id",
      path: `/${loot.acmeShipment}`,
      call: { identity: globex.identity, token: globexToken },
      status: 404,
      code: 'shipment_not_found',
    },
  ];
}

function tellRefusal(cast: Cast, theft: Theft, answer: Answer): void {
  const { story } = cast;
  const { status, body, headers } = answer;
  story.fact(`refused with ${theft.status} ${theft.code}`, [theft.status, theft.code], [status, body['code']]);
  if (status === 401) {
    const challenge = headers['www-authenticate'] ?? '';
    story.fact('the challenge says so too (RFC 6750)', true, challenge.includes(`error="${theft.code}"`));
  }
  if (theft.check === undefined) return;
  tellCheck(cast, 'resource-api', answer, theft.check);
}
