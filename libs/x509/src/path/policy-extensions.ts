import type { Certificate } from '../certificate/certificate.js';
import { childrenOf, context, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { countOf, objectIdentifierOf } from '../der/der-values.js';

export const CERTIFICATE_POLICIES = '2.5.29.32';
export const POLICY_MAPPINGS = '2.5.29.33';
export const POLICY_CONSTRAINTS = '2.5.29.36';
export const INHIBIT_ANY_POLICY = '2.5.29.54';
export const ANY_POLICY = '2.5.29.32.0';
/** Of policies, and of mappings, in one certificate. Cross-certificates of large bridges have some forty. */
const MOST_POLICIES = 256;

/** What a certificate says about certificate policies; all policies are dotted OIDs. */
export interface PolicyExtensions {
  /** undefined: no such extension */
  policies: ReadonlySet<string> | undefined;
  /** by policy of the issuer, the policies of the subject that count as it */
  mappings: ReadonlyMap<string, ReadonlySet<string>>;
  /** how many certificates may follow before it applies; undefined: never */
  requireExplicitPolicy: number | undefined;
  inhibitPolicyMapping: number | undefined;
  inhibitAnyPolicy: number | undefined;
}

/**
 * RFC 5280 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14. Throws `der_malformed`.
 * Does not check: policy qualifiers, which are texts for people, and whether a policy is named twice.
 */
export function policyExtensionsOf({ extensions }: Certificate): PolicyExtensions {
  const read = <T>(oid: string, identifier: number, reader: (element: DerElement) => T): T | undefined => {
    const extension = extensions.get(oid);
    return extension && reader(readElement(extension.value, identifier));
  };
  return {
    policies: read(CERTIFICATE_POLICIES, tag.sequence, policiesOf),
    mappings: read(POLICY_MAPPINGS, tag.sequence, mappingsOf) ?? new Map<string, never>(),
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    ...read(POLICY_CONSTRAINTS, tag.sequence, constraintsOf),
    inhibitAnyPolicy: read(INHIBIT_ANY_POLICY, tag.integer, countOf),
  };
}

function policiesOf(extension: DerElement): Set<string> {
  return new Set(
    membersOf(extension).map((information) => objectIdentifierOf(childrenOf(information, tag.sequence)[0])),
  );
}

function mappingsOf(extension: DerElement): Map<string, Set<string>> {
  const mappings = new Map<string, Set<string>>();
  for (const mapping of membersOf(extension)) {
    const [issuers, subjects, ...rest] = childrenOf(mapping, tag.sequence).map((oid) => objectIdentifierOf(oid));
    if (issuers === undefined || subjects === undefined || rest.length > 0)
      throw malformed('a mapping of another shape');
    // RFC 5280 6.1.4 (a)
    if (issuers === ANY_POLICY || subjects === ANY_POLICY) throw malformed('a mapping from or to any policy');
    mappings.set(issuers, (mappings.get(issuers) ?? new Set()).add(subjects));
  }
  return mappings;
}

function constraintsOf(
  extension: DerElement,
): Pick<PolicyExtensions, 'requireExplicitPolicy' | 'inhibitPolicyMapping'> {
  const fields = childrenOf(extension, tag.sequence);
  const [explicit, mapping] = [0, 1].map((n) => fields.filter(({ identifier }) => identifier === context.primitive(n)));
  const known = explicit!.length + mapping!.length;
  const ordered = [...explicit!, ...mapping!].every((field, index) => field === fields[index]);
  if (known === 0 || known !== fields.length || explicit!.length > 1 || mapping!.length > 1 || !ordered) {
    throw malformed('policy constraints of another shape');
  }
  return {
    requireExplicitPolicy: explicit![0] && countOf(explicit![0], context.primitive(0)),
    inhibitPolicyMapping: mapping![0] && countOf(mapping![0], context.primitive(1)),
  };
}

function membersOf(extension: DerElement): DerElement[] {
  const members = childrenOf(extension, tag.sequence);
  if (members.length === 0) throw malformed('a list of policies without any');
  if (members.length > MOST_POLICIES) throw malformed(`more than ${MOST_POLICIES} policies or mappings`);
  return members;
}
