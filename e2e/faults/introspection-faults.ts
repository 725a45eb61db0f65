import type { Fault } from './fault.js';

const SERVICE = 'apps/token-service/src';
const INTROSPECTION = `${SERVICE}/introspection`;
const INTROSPECT = `${INTROSPECTION}/introspect-token.ts`;
const INTROSPECTION_SPEC = `${INTROSPECTION}/introspection.spec.ts`;
const ANSWERS_SPEC = `${INTROSPECTION}/introspection-answers.spec.ts`;
const MAY_SEE = `${INTROSPECTION}/may-see.ts`;
const MAY_SEE_SPEC = `${INTROSPECTION}/may-see.spec.ts`;
const WHY_INACTIVE = `${INTROSPECTION}/why-inactive.ts`;
const WHY_INACTIVE_SPEC = `${INTROSPECTION}/why-inactive.spec.ts`;
const SIGNER = `${INTROSPECTION}/introspection-signer.ts`;
const REVOKE = `${SERVICE}/token-revocation/revoke-token.ts`;
const REVOCATION_SPEC = `${SERVICE}/token-revocation/token-revocation.spec.ts`;

/** What may be asked about tokens, and who may end them. */
export const INTROSPECTION_FAULTS: readonly Fault[] = [
  {
    rule: 'A25',
    then: 'answers whoever names a client',
    file: `${SERVICE}/clients/authentication/authenticate-caller.ts`,
    find: 'this.authentication.authenticateClient(client, { evidence, assertion }, now)',
    replace:
      'this.authentication.authenticateClient(client, { evidence, assertion }, now).catch(() => ({ client: client! }) as never)',
    spec: ANSWERS_SPEC,
  },
  {
    rule: 'A25',
    then: "says whether another client's token was ever issued",
    file: REVOKE,
    find: 'if (claimed && claimed.clientId !== client.clientId)',
    replace:
      "if (claimed && claimed.clientId !== client.clientId && typeof (await this.tokens.verify(request.token, claimed, arrival.now)) !== 'string')",
    spec: REVOCATION_SPEC,
  },
  {
    rule: 'A25',
    then: 'says of an inactive token that it is one of ours',
    file: INTROSPECT,
    find: 'return INACTIVE;',
    replace: "return { ...INACTIVE, ...(verdict === 'token_not_ours' ? {} : { token_type: 'Bearer' as const }) };",
    spec: INTROSPECTION_SPEC,
  },
  {
    rule: 'A26',
    then: 'lets answers about tokens be cached',
    file: `${INTROSPECTION}/introspection.controller.ts`,
    find: "@Header('cache-control', 'no-store') // A26",
    replace: "@Header('cache-control', 'private, max-age=60')",
    spec: ANSWERS_SPEC,
  },
  {
    rule: 'A31',
    then: 'shows a resource server the tokens of every audience',
    file: MAY_SEE,
    find: 'caller.introspects.includes(audience)',
    replace: 'caller.introspects.length > 0',
    spec: MAY_SEE_SPEC,
  },
  {
    rule: 'A31',
    then: 'shows a resource server no token but its own',
    file: MAY_SEE,
    find: ' || caller.introspects.includes(audience)',
    replace: '',
    spec: MAY_SEE_SPEC,
  },
  {
    rule: 'A31',
    then: 'shows every token to everybody',
    file: INTROSPECT,
    find: "if (!maySee(caller, claimed)) return 'token_not_for_caller';",
    replace: '',
    spec: INTROSPECTION_SPEC,
  },
  {
    rule: 'A31',
    then: 'calls the token of a suspended client active',
    file: WHY_INACTIVE,
    find: "return 'client_not_usable';",
    replace: 'return undefined;',
    spec: WHY_INACTIVE_SPEC,
  },
  {
    rule: 'A31',
    then: 'calls a token active whose certificate was revoked',
    file: WHY_INACTIVE,
    find: "whyCertificateOff(token.confirmation['x5t#S256'], holder, now) ?? ",
    replace: '',
    spec: WHY_INACTIVE_SPEC,
  },
  {
    rule: 'A31',
    then: 'calls a token active whose grant is gone',
    file: WHY_INACTIVE,
    find: ' ?? whyGrantOff(token, holder, now)',
    replace: '',
    spec: WHY_INACTIVE_SPEC,
  },
  {
    rule: 'A31',
    then: 'calls a revoked token active',
    file: INTROSPECT,
    find: ' ?? whyRevoked(this.feed.state, token, now)',
    replace: '',
    spec: INTROSPECTION_SPEC,
  },
  {
    rule: 'A31',
    then: 'answers from memory while Postgres is away',
    file: INTROSPECT,
    find: 'this.feed.assertCurrent();',
    replace: '',
    spec: `${INTROSPECTION}/postgres-away.spec.ts`,
  },
  {
    rule: 'A31',
    then: 'signs answers that anybody may pass on',
    file: SIGNER,
    find: 'aud: audience,',
    replace: 'aud: this.identity.issuer,',
    spec: ANSWERS_SPEC,
  },
  {
    rule: 'A31',
    then: 'signs answers that could pass for another kind of token',
    file: SIGNER,
    find: "const TYPE = 'token-introspection+jwt';",
    replace: "const TYPE = 'JWT';",
    spec: ANSWERS_SPEC,
  },
  {
    rule: 'A31',
    then: "revokes another client's token",
    file: REVOKE,
    find: 'if (claimed && claimed.clientId !== client.clientId) throw tokenOfAnotherClient(claimed.clientId);',
    replace: '',
    spec: REVOCATION_SPEC,
  },
  {
    rule: 'A31',
    then: 'says that a token is revoked and records nothing',
    file: REVOKE,
    find: 'await this.record(token, arrival);',
    replace: '',
    spec: REVOCATION_SPEC,
  },
  {
    rule: 'A31',
    then: 'refuses to revoke a token that it does not know',
    file: REVOKE,
    find: "if (token === undefined || typeof token === 'string') return;",
    replace: "if (token === undefined || typeof token === 'string') throw tokenOfAnotherClient('');",
    spec: REVOCATION_SPEC,
  },
];
