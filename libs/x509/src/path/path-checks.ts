import { verdict, type CertificateCheck } from '../leaf-checks/certificate-check.js';
import { LONGEST_PATH } from './candidate-paths.js';
import { CERTIFICATE_RULES, type CertificateRule } from './certificate-rules.js';
import type { PathNode } from './issuer-graph.js';
import { nameOffence } from './name-constraints.js';
import { nodeText } from './node-text.js';
import { policyOffence } from './policy-offence.js';

/** Every rule of a chain, leaf first, whether or not it ends at an anchor; each one answered. */
export function pathChecks(chain: PathNode[], now: Date): CertificateCheck[] {
  return [
    ...CERTIFICATE_RULES.map((rule) => ruleCheck(rule, chain, now)),
    lengthCheck(chain),
    nameCheck(chain),
    policyCheck(chain),
  ];
}

function ruleCheck({ id, expected, hint, offence }: CertificateRule, chain: PathNode[], now: Date): CertificateCheck {
  const offences = chain.flatMap((node) => {
    const observed = offence(node, now);
    return observed === undefined ? [] : [`${nodeText(node)}: ${observed}`];
  });
  return { id, ...verdict(offences.length === 0, hint), observed: offences.join('; ') || all(chain), expected };
}

// RFC 5280 4.2.1.9: how many intermediates may follow; those that renew an authority's own key are not counted
function lengthCheck(chain: PathNode[]): CertificateCheck {
  const offences = chain.flatMap((node, index) => {
    const below = chain.slice(1, index).filter(({ certificate }) => !certificate.selfIssued).length;
    const { pathLength } = node.certificate;
    if (index === 0 || pathLength === undefined || below <= pathLength) return [];
    return [`${nodeText(node)}: ${below} authorities below it, where it may have ${pathLength}`];
  });
  if (chain.length > LONGEST_PATH) offences.push(`${chain.length} certificates`);
  return {
    id: 'path_length',
    ...verdict(
      offences.length === 0,
      'An authority made another one below it that it may not: have the leaf issued by the upper one.',
    ),
    observed: offences.join('; ') || all(chain),
    expected: `path lengths within what each authority states, and at most ${LONGEST_PATH} certificates`,
  };
}

function nameCheck(chain: PathNode[]): CertificateCheck {
  const offences = chain.flatMap((issuer, above) =>
    chain.slice(0, above).flatMap((subject) => {
      const offence = nameOffence(subject.certificate, issuer.certificate, subject.role === 'leaf');
      return offence === undefined ? [] : [`${nodeText(subject)}, below ${nodeText(issuer)}: ${offence}`];
    }),
  );
  return {
    id: 'path_name_constraints',
    ...verdict(
      offences.length === 0,
      'The authority may not certify this name: have it issued by another one, or for another name.',
    ),
    observed: offences.join('; ') || all(chain),
    expected: 'names that every authority above may certify',
  };
}

function policyCheck(chain: PathNode[]): CertificateCheck {
  const offence = policyOffence(chain);
  return {
    id: 'path_policies',
    ...verdict(
      offence === undefined,
      'An authority requires a certificate policy: have the certificate issued with one that every authority above it allows.',
    ),
    observed: offence ?? all(chain),
    expected: 'certificate policies as every authority above requires (RFC 5280 6.1)',
  };
}

function all(chain: PathNode[]): string {
  return chain.length === 1 ? 'the leaf alone' : `all ${chain.length} certificates`;
}
