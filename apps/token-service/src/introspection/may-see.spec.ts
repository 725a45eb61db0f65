import { expect, it } from 'vitest';
import { maySee } from './may-see.js';

const token = { clientId: 'cli_1', audience: 'https://api.test' };

it.each<[string, { clientId: string; introspects: string[] }, boolean]>([
  ['a client its own tokens', { clientId: 'cli_1', introspects: [] }, true],
  ['a client no tokens of another', { clientId: 'cli_2', introspects: [] }, false],
  ['a resource server those for its audience', { clientId: 'cli_2', introspects: ['https://api.test'] }, true],
  [
    'one that is linked to several servers those for each',
    { clientId: 'cli_2', introspects: ['x', token.audience] },
    true,
  ],
  ['a resource server none for another audience', { clientId: 'cli_2', introspects: ['https://api.test/'] }, false],
  ['nobody by the beginning of an audience', { clientId: 'cli_2', introspects: ['https://api'] }, false],
])('A31: it sees %s', (_, caller, expected) => expect(maySee(caller, token)).toBe(expected));
