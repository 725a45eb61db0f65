import type { Answer } from '../stack/admin/https-client.js';
import type { OnboardedPartner } from '../stack/admin/onboard-partner.js';
import { shipments, tokenFor, type Cast, type Partners } from './cast.js';
import { boundThumbprint, decodedToken } from './decoded-token.js';

/** What the attackers will be after. */
export interface Loot {
  acmeToken: string;
  globexToken: string;
  acmeShipment: string;
}

/** Chapter two: the main job, server to server. */
export async function tellMainJob(cast: Cast, { acme, globex }: Partners): Promise<Loot> {
  cast.story.chapter('II.  Server to server');
  await tellDiscovery(cast);
  const acmeToken = await tellToken(cast, acme);
  const acmeShipment = await tellShipment(cast, acme, acmeToken);
  const globexToken = await tellOtherPartner(cast, globex, acmeShipment);
  return { acmeToken, globexToken, acmeShipment };
}

async function tellDiscovery({ story, client, stack }: Cast): Promise<void> {
  story.step("Acme's server looks up the token service");
  const answer = await client.send({ url: `${stack.urls.issuer}/.well-known/oauth-authorization-server` });
  const { body } = answer;
  story.exchange(answer, ['issuer', 'token_endpoint_auth_methods_supported', 'mtls_endpoint_aliases']);
  story.fact('it is the issuer that was asked for', stack.urls.issuer, body['issuer']);
  story.fact('tokens are bound to certificates', true, body['tls_client_certificate_bound_access_tokens']);
  const aliases = body['mtls_endpoint_aliases'] as Record<string, unknown> | undefined;
  story.fact('it says where to come with a certificate', stack.urls.tokenEndpoint, aliases?.['token_endpoint']);
}

async function tellToken(cast: Cast, acme: OnboardedPartner): Promise<string> {
  const { story } = cast;
  story.step("Acme's server asks for a token: no password, only its certificate");
  const answer = await tokenFor(cast, acme);
  story.exchange(answer, ['token_type', 'expires_in', 'scope', 'access_token']);
  story.fact('the answer is 200', 200, answer.status);
  const token = String(answer.body['access_token']);
  const { header, claims } = decodedToken(token);
  story.tell('What the token says:');
  story.tell(`  ${JSON.stringify({ typ: header['typ'], alg: header['alg'] })}`);
  for (const name of ['iss', 'aud', 'partner_id', 'client_id', 'scope', 'cnf']) {
    story.tell(`  ${name.padEnd(10)}  ${JSON.stringify(claims[name])}`);
  }
  story.tell(`and the thumbprint of Acme's certificate:\n  ${acme.identity.thumbprint}`);
  story.fact("the token is bound to Acme's certificate", acme.identity.thumbprint, boundThumbprint(token));
  story.fact('it is for the sample API only', cast.stack.urls.resource, claims['aud']);
  story.fact('it speaks for Acme', acme.partnerId, claims['partner_id']);
  return token;
}

async function tellShipment(cast: Cast, { identity }: OnboardedPartner, token: string): Promise<string> {
  const { story } = cast;
  story.step("Acme's server books a shipment and reads it back");
  const json = { reference: 'PO-2026-0001', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 18_400 };
  const booked = await shipments(cast, { identity, token, json });
  story.exchange(booked, ['id', 'reference', 'status']);
  story.fact('booked', 201, booked.status);
  const id = String(booked.body['id']);
  const read = await shipments(cast, { identity, token }, `/${id}`);
  story.exchange(read, ['id', 'reference', 'origin', 'destination', 'weight_kg']);
  story.fact('read back as it was booked', { status: 200, ...json }, { status: read.status, ...picked(read, json) });
  return id;
}

async function tellOtherPartner(cast: Cast, globex: OnboardedPartner, acmeShipment: string): Promise<string> {
  const { story } = cast;
  story.step("Globex's server does the same: and sees only what is Globex's");
  const token = String((await tokenFor(cast, globex)).body['access_token']);
  const { identity } = globex;
  const json = { reference: 'GF-77', origin: 'DEHAM', destination: 'USNYC', weight_kg: 3 };
  const booked = await shipments(cast, { identity, token, json });
  const list = await shipments(cast, { identity, token });
  story.exchange(list);
  const ids = idsIn(list);
  story.fact('its own shipment is there, and it is the only one', [booked.body['id']], ids);
  story.fact("Acme's is not", false, ids.includes(acmeShipment));
  return token;
}

function picked({ body }: Answer, like: object): object {
  return Object.fromEntries(Object.keys(like).map((name) => [name, body[name]]));
}

function idsIn({ body }: Answer): unknown[] {
  const items = Array.isArray(body['items']) ? (body['items'] as { id: unknown }[]) : [];
  return items.map(({ id }) => id);
}
