import { describe, expect, it } from 'vitest';
import { assertAnother, assertMayChangeOperators, assertMayChangeServer, assertMayGrant } from './operator-rules.js';

const audience = 'https://registry.example';
const plain = { audience, scopes: ['registry:clients:write', 'registry:grants:write', 'registry:certificates:write'] };
const strong = { audience, scopes: [...plain.scopes, 'registry:operators:write'] };
const refused = expect.objectContaining({ code: 'operator_scope_required' });

describe('an operator without registry:operators:write', () => {
  it('changes nothing of operators', () => expect(() => assertMayChangeOperators(plain)).toThrow(refused));

  it('grants nothing for the registry itself', () => {
    expect(() => assertMayGrant(plain, audience, ['registry:clients:write'])).toThrow(refused);
    expect(() => assertMayGrant(plain, 'https://shipments.example', ['shipments:read'])).not.toThrow();
  });
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

it('the registry’s own scopes are changed by operators of operators only', () => {
  expect(() => assertMayChangeServer(plain, audience)).toThrow(refused);
  expect(() => assertMayChangeServer(plain, 'https://shipments.example')).not.toThrow();
  expect(() => assertMayChangeServer(strong, audience)).not.toThrow();
});

it('nobody decides their own request, nor one of which nobody knows whose it is', () => {
  const own = expect.objectContaining({ code: 'own_request' });
  expect(() => assertAnother({ clientId: 'cli_a' }, 'cli_a')).toThrow(own);
  expect(() => assertAnother({ clientId: 'cli_a' }, null)).toThrow(own);
  expect(() => assertAnother({ clientId: 'cli_a' }, 'cli_b')).not.toThrow();
});
