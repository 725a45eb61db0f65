import { isSaid } from './private-members.js';

/** The members of a JWK that are read here, each as far as it says something. */
export interface PublicJwk {
  kty: string;
  kid?: string;
  use?: string;
  key_ops?: string[];
  alg?: string;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  /** RFC 7517 section 4.7: base64 DER, the certificate of the key first */
  x5c?: string[];
  'x5t#S256'?: string;
}

const TEXTS = ['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'n', 'e', 'x5t#S256'];
const LISTS = ['key_ops', 'x5c'];

/**
 * RFC 7517 section 4: members that are not known here are ignored. So are those that lead elsewhere (`x5u`, `jku`). // A21
 * @returns undefined when a member is of another type than RFC 7517 says
 */
export function publicJwk(members: Record<string, unknown>): PublicJwk | undefined {
  const said = [...TEXTS, ...LISTS].filter((name) => isSaid(members[name]));
  const sound = said.every((name) =>
    LISTS.includes(name) ? isTexts(members[name]) : typeof members[name] === 'string',
  );
  if (!sound || !said.includes('kty')) return undefined;
  return Object.fromEntries(said.map((name) => [name, members[name]])) as unknown as PublicJwk;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
