import { beforeAll, describe, expect, it } from 'vitest';
import { printedCommands, printedJson, walk } from './printed-walk.js';

const blocks = printedCommands('docs/partners/onboarding.md');

describe('the walk of docs/partners/onboarding.md, as printed', () => {
  let output: string[];

  beforeAll(async () => {
    output = await walk(blocks);
  });

  /** What the block printed in which this command stands. */
  const printedBy = (command: string): string => {
    const index = blocks.findIndex((commands) => commands.includes(command));
    expect(index, `no block has ${command}`).toBeGreaterThan(-1);
    return output[index]!;
  };
  const refusal = '"error":"invalid_client"';

  it('tries the partner before it makes one, and repeats the request without making two', () => {
    expect(printedBy('partners?dry_run=true')).toContain('"status":"pending"');
    const [id] = /^ptn_[0-9a-f]{32}$/m.exec(printedBy('Idempotency-Key: hooli-1')) ?? [];
    expect(printedBy('Idempotency-Key: hooli-1')).toMatch(new RegExp(`"id":"${id}".*"status":"active"`));
  });

  it('pins the client to the authority: the certificate passes every check, the forged one does not', () => {
    expect(printedBy('client_id": "\'$CLIENT_ID\'"}\' .local/hooli/server.crt')).toMatch(
      /acceptable: true[\s\S]*path_signature/,
    );
    expect(printedBy('.local/hooli/forged.crt')).toMatch(/^false$/m);
  });

  it("gets the partner's server a token, and with it to the API", () => {
    expect(printedBy('HOO-1')).toContain('"status":"booked"');
  });

  it('refuses a change of what somebody else has changed', () => {
    expect(printedBy('refused: changed since')).toMatch(
      /"access_token_ttl":120[\s\S]*"code":"precondition_failed"[\s\S]*refused/,
    );
  });

  it('refuses the token as soon as the client is suspended, gives it after reinstatement, refuses it after revocation', () => {
    expect(printedBy('/suspend')).toContain(refusal);
    expect(printedBy('/reinstate')).toMatch(/^Bearer$/m);
    expect(printedBy('$NEXT/revoke')).toContain(refusal);
    expect(printedBy('$NEXT/revoke')).toContain('"code":"certificate_revoked"');
  });

  it('issues a certificate for a request once somebody else has approved it, and names whom it is for', () => {
    expect(printedBy('certificate-requests/validate')).toMatch(/^acceptable: true for CN=payments-server,O=Hooli \[/m);
    expect(printedBy('refused: your own request')).toMatch(/"code":"own_request"[\s\S]*^refused: your own request$/m);
    expect(printedBy('openssl x509 -in .local/hooli/next.crt -noout -subject')).toMatch(
      /^subject=.*O = Hooli, CN = payments-server\n[\s\S]*URI:urn:partner-ecosystem:client:cli_/m,
    );
  });

  it('changes over under load without one failed call, and warns while nobody has seen the successor', () => {
    const told = printedBy('/supersede?dry_run=true');
    expect(told).toMatch(/successor_unseen[\s\S]*^\[\]$[\s\S]*^calls: \d+, failed: 0$/m);
    expect(Number(/^calls: (\d+)/m.exec(told)?.[1])).toBeGreaterThan(1);
  });

  it('has the revoked certificate on the list that it names, and openssl agrees', () => {
    expect(printedBy('$NEXT/revoke')).toMatch(/next\.crt: OK\n[\s\S]*Serial Number: \w+\n[\s\S]*Key Compromise/);
  });

  it('R2: the API refuses the token that is held as soon as await-guards says so, and after reinstatement too', () => {
    expect(printedBy('await-guards')).toContain('"code":"invalid_token"');
    expect(printedBy('/reinstate')).toContain('"code":"invalid_token"');
  });

  it('offboards the partner with its client', () => {
    expect(printedBy('/offboard')).toMatch(/"status":"offboarded"[\s\S]*^retired$/m);
  });

  it('tells who did what, exports it and verifies the chain', () => {
    const told = printedBy('audit-events?target=$PARTNER');
    expect(told).toMatch(/partner\.created[\s\S]*partner\.activated[\s\S]*partner\.offboarded +contract 2026-17 ended/);
    const order = [
      'client.registered',
      'trust_anchor.registered',
      'certificate.registered',
      'grant.granted',
      'client.activated',
    ];
    expect(told).toMatch(new RegExp(order.map((action) => action.replace('.', '\\.')).join('[\\s\\S]*')));
    expect(told).toMatch(/client\.suspended[\s\S]*client\.reinstated[\s\S]*certificate\.revoked/);
    const [, events] = /^(\d+) events, linked without a gap$/m.exec(printedBy('application/x-ndjson')) ?? [];
    // signing a CRL is an event too, and may come in between
    const verified = JSON.parse(printedBy('--noted-head "$HEAD"')) as { events: number };
    expect(verified.events).toBeGreaterThanOrEqual(Number(events));
  });
});

it('its json prints a member, and fails with the answer where there is none', async () => {
  expect((await printedJson('docs/partners/onboarding.md', '{"id": "ptn_1"}', 'id')).stdout).toBe('ptn_1\n');
  await expect(printedJson('docs/partners/onboarding.md', '{"code": "invalid_token"}', 'id')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no id in {"code": "invalid_token"}'),
  });
});
