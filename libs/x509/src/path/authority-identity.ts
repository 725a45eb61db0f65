import type { Certificate } from '../certificate/certificate.js';
import { foldedDistinguishedName } from '../names/folded-distinguished-name.js';

/** Name and key: certificates that share both are of one authority. */
export function authorityIdentity({ keySha256, subject }: Certificate): string {
  return `${keySha256} ${foldedDistinguishedName(subject)}`;
}
