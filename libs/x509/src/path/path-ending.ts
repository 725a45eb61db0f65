import type { Certificate } from '../certificate/certificate.js';
import { verdict, type CertificateCheck } from '../leaf-checks/certificate-check.js';
import { sameDistinguishedName } from '../names/same-distinguished-name.js';
import type { PathNode } from './issuer-graph.js';
import { namesKeyOf } from './key-identifiers.js';
import { nameText, nodeText } from './node-text.js';

const EXPECTED = {
  path_no_issuer: 'the issuer of every certificate, up to an anchor',
  path_signature: 'signatures that verify with the key of the issuer',
  path_untrusted_root: 'an authority that is one of the anchors, recognised by its key',
} as const;
type EndingId = keyof typeof EXPECTED;

/** Why the chain ends before an anchor. */
interface PathEnding {
  id: EndingId;
  observed: string;
  hint: string;
}

/**
 * The three ways in which a chain misses every anchor, told apart: an intermediate that nobody gave, a signature that
 * is wrong, and a root that is not an anchor. All pass when the chain ends at an anchor.
 */
export function endingChecks(chain: PathNode[], anchors: readonly Certificate[]): CertificateCheck[] {
  const top = chain.at(-1)!;
  const ending = top.role === 'anchor' ? undefined : endingAt(top, anchors);
  const reached = `${chain.length} certificates, up to ${nodeText(top)}`;
  return (Object.keys(EXPECTED) as EndingId[]).map((id) => {
    const failed = ending?.id === id ? ending : undefined;
    const observed = failed?.observed ?? reached;
    return { id, ...verdict(failed === undefined, failed?.hint ?? ''), observed, expected: EXPECTED[id] };
  });
}

function endingAt(top: PathNode, anchors: readonly Certificate[]): PathEnding {
  const { certificate, namesakes } = top;
  const forged = namesakes.find((namesake) => namesKeyOf(certificate, namesake) !== false);
  if (isSelfSigned(certificate) || (top.issuers.length > 0 && forged === undefined)) return untrusted(top, anchors);
  const issuer = nameText(certificate.issuer);
  if (forged !== undefined) {
    return {
      id: 'path_signature',
      observed: `the signature of ${nodeText(top)} does not verify with the key of ${issuer}`,
      hint: `Either the certificate was altered, or ${issuer} has several keys: give the certificate of that issuer whose key signed it.`,
    };
  }
  const other = namesakes.length > 0 ? '; a certificate of that name is there, for another key' : '';
  return {
    id: 'path_no_issuer',
    observed: `the certificate of ${issuer} is missing, which issued ${nodeText(top)}${other}`,
    hint: `Add the certificate of ${issuer}: as an intermediate, or, if it is a root that this client may use, as an anchor.`,
  };
}

function untrusted(top: PathNode, anchors: readonly Certificate[]): PathEnding {
  const { certificate, role } = top;
  const namesake = anchors.some(({ subject }) => sameDistinguishedName(subject, certificate.subject));
  const another = namesake ? ', although there is an anchor of that name with another key' : '';
  return {
    id: 'path_untrusted_root',
    observed: `${nodeText(top)} (key ${certificate.spkiSha256}) is the end and no anchor${another}`,
    hint:
      role === 'leaf'
        ? 'The leaf is signed with its own key, no authority vouches for it: have it issued by one of the anchors.'
        : 'If this authority may vouch for the client, make it an anchor of the client; compare its key with the authority first.',
  };
}

function isSelfSigned({ selfIssued, x509 }: Certificate): boolean {
  try {
    return selfIssued && x509.verify(x509.publicKey);
  } catch {
    return false;
  }
}
