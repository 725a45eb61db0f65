import { issuedFrom, type Issued } from './issued.js';
import { leafExtensions } from './leaf-extensions.js';
import type { LeafOptions } from './leaf-options.js';
import { signCertificate } from './sign-certificate.js';
import { generateKeys, keysFromPair } from './subject-keys.js';
import { subjectName } from './subject-name.js';
import { leafValidity } from './validity.js';

/** A leaf signed with its own key, options as for `Authority.issueClient`. secp256k1 cannot sign here. */
export async function selfSigned(options: LeafOptions): Promise<Issued> {
  const keys = options.keys ? keysFromPair(options.keys) : await generateKeys(options.key ?? 'P-256');
  if (keys.pair === undefined)
    throw new TypeError(`a ${options.key} key signs nothing here: issue it from an authority`);
  const subject = subjectName(options.subject);
  const content = { ...leafValidity(options), hash: options.hash, subject, spki: keys.spki };
  const extensions = leafExtensions(options);
  const der = await signCertificate({ ...content, extensions }, { name: subject, pair: keys.pair });
  return issuedFrom(der, keys.privateKeyPem);
}
