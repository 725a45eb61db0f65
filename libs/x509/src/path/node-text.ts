import type { Certificate } from '../certificate/certificate.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import type { PathNode } from './issuer-graph.js';

const LONGEST_NAME = 200;

/** A certificate of a path in the words of an operator. */
export function nodeText({ role, certificate }: { role: PathNode['role']; certificate: Certificate }): string {
  return `${role} ${nameText(certificate.subject)}`;
}

export function nameText({ text }: DistinguishedName): string {
  if (text === '') return '(no name)';
  return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
}
