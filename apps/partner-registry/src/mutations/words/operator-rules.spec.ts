import { describe, expect, it } from 'vitest';
import { assertAnother, assertMayChangeOperators, assertMayChangeServer, assertMayGrant } from './operator-rules.js';

const [audience, issuer] = ['https://registry.example', 'https://issuer.example'];
const scopes = ['registry:clients:write', 'registry:grants:write', 'registry:certificates:write'];
const plain = { audience, issuer, scopes };
const strong = { audience, issuer, scopes: [...scopes, 'registry:operators:write'] };
const refused = expect.objectContaining({ code: 'operator_scope_required' });

describe('an operator without registry:operators:write', () => {
  it('changes nothing of operators', () => expect(() => assertMayChangeOperators(plain)).toThrow(refused));

  it('grants nothing for the registry itself', () => {
    expect(() => assertMayGrant(plain, audience, ['registry:clients:write'])).toThrow(refused);
    expect(() => assertMayGrant(plain, 'https://shipments.example', ['shipments:read'])).not.toThrow();
  });

  it('lets nobody follow the revocations', () => {
    expect(() => assertMayGrant(plain, issuer, ['revocations:read'])).toThrow(refused);
  });
});

it('registry:operators:write allows it for the token service, whose scopes no token at the registry can hold', () => {
  expect(() => assertMayGrant(strong, issuer, ['revocations:read'])).not.toThrow();
});

it('registry:operators:write allows both', () => {
  expect(() => assertMayChangeOperators(strong)).not.toThrow();
  expect(() => assertMayGrant(strong, audience, ['registry:clients:write'])).not.toThrow();
});

it('nobody grants a scope of the registry that they lack themselves', () => {
  const lacking = expect.objectContaining({
    code: 'scope_not_held',
    message: expect.stringContaining('registry:audit:read'),
  });
  expect(() => assertMayGrant(strong, audience, ['registry:clients:write', 'registry:audit:read'])).toThrow(lacking);
});

it('the scopes of registry and token service are changed by operators of operators only', () => {
  expect(() => assertMayChangeServer(plain, audience)).toThrow(refused);
  expect(() => assertMayChangeServer(plain, issuer)).toThrow(refused);
  expect(() => assertMayChangeServer(plain, 'https://shipments.example')).not.toThrow();
  expect(() => assertMayChangeServer(strong, audience)).not.toThrow();
  expect(() => assertMayChangeServer(strong, issuer)).not.toThrow();
});

it('nobody decides their own request, nor one of which nobody knows whose it is', () => {
  const own = expect.objectContaining({ code: 'own_request' });
  expect(() => assertAnother({ clientId: 'cli_a' }, 'cli_a')).toThrow(own);
  expect(() => assertAnother({ clientId: 'cli_a' }, null)).toThrow(own);
  expect(() => assertAnother({ clientId: 'cli_a' }, 'cli_b')).not.toThrow();
});
