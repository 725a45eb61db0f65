import type { Fault } from './fault.js';

/** What may be asked about tokens, and who may end them. */
export const INTROSPECTION_FAULTS: readonly Fault[] = [
  {
    rule: 'A25',
    then: 'answers whoever names a client',
    in: 'AuthenticateCaller.authenticate',
    find: 'this.authentication.authenticateClient(client, { evidence, assertion }, now)',
    replace:
      'this.authentication.authenticateClient(client, { evidence, assertion }, now).catch(() => ({ client: client! }) as never)',
    spec: 'apps/token-service/src/introspection/introspection-answers.spec.ts',
  },
  {
    rule: 'A25',
    then: "says whether another client's token was ever issued",
    in: 'RevokeToken.revoke',
    find: 'if (claimed && claimed.clientId !== client.clientId)',
    replace:
      "if (claimed && claimed.clientId !== client.clientId && typeof (await this.tokens.verify(request.token, claimed, arrival.now)) !== 'string')",
    spec: 'apps/token-service/src/token-revocation/token-revocation.spec.ts',
  },
  {
    rule: 'A26',
    then: 'lets answers about tokens be cached',
    in: 'IntrospectionController.introspect',
    find: "@Header('cache-control', 'no-store') // A26",
    replace: "@Header('cache-control', 'private, max-age=60')",
    spec: 'apps/token-service/src/introspection/introspection-answers.spec.ts',
  },
  {
    rule: 'A31',
    then: 'shows every token to everybody',
    in: 'IntrospectToken.judge',
    find: "if (!maySee(caller, claimed)) return 'token_not_for_caller';",
    replace: '',
    spec: 'apps/token-service/src/introspection/introspection.spec.ts',
  },
  {
    rule: 'A31',
    then: 'calls the token of a suspended client active',
    in: 'whyInactive',
    find: "return 'client_not_usable';",
    replace: 'return undefined;',
    spec: 'apps/token-service/src/introspection/why-inactive.spec.ts',
  },
  {
    rule: 'A31',
    then: 'calls a revoked token active',
    in: 'IntrospectToken.judge',
    find: ' ?? whyRevoked(this.feed.state, token, now)',
    replace: '',
    spec: 'apps/token-service/src/introspection/introspection.spec.ts',
  },
  {
    rule: 'A31',
    then: 'answers from memory while Postgres is away',
    in: 'IntrospectToken.introspect',
    find: 'this.feed.assertCurrent();',
    replace: '',
    spec: 'apps/token-service/src/introspection/postgres-away.spec.ts',
  },
  {
    rule: 'A31',
    then: "revokes another client's token",
    in: 'RevokeToken.revoke',
    find: 'if (claimed && claimed.clientId !== client.clientId) throw tokenOfAnotherClient(claimed.clientId);',
    replace: '',
    spec: 'apps/token-service/src/token-revocation/token-revocation.spec.ts',
  },
];
