import { describe, expect, it } from 'vitest';
import { assertMayChangeOperators, assertMayGrant } from './operator-rules.js';

const audience = 'https://registry.example';
const plain = { audience, scopes: ['registry:clients:write', 'registry:grants:write', 'registry:certificates:write'] };
const strong = { audience, scopes: [...plain.scopes, 'registry:operators:write'] };
const refused = expect.objectContaining({ code: 'operator_scope_required' });

describe('an operator without registry:operators:write', () => {
  it('changes nothing of operators', () => expect(() => assertMayChangeOperators(plain)).toThrow(refused));

  it('grants nothing for the registry itself', () => {
    expect(() => assertMayGrant(plain, audience)).toThrow(refused);
    expect(() => assertMayGrant(plain, 'https://shipments.example')).not.toThrow();
  });
});

it('registry:operators:write allows both', () => {
  expect(() => assertMayChangeOperators(strong)).not.toThrow();
  expect(() => assertMayGrant(strong, audience)).not.toThrow();
});
